import type { Request } from 'express';
import { UnauthorizedError } from '../errors.ts';
import type { Session } from '../users/session-store.ts';
import type { User } from '../users/user.ts';

/** Who is signed in. @throws UnauthorizedError */
export function signedIn(req: Request): { user: User; session: Session } {
  const { user, session } = req.visitor;
  if (!user || !session) throw new UnauthorizedError('auth.required', 'Sign in first.');
  return { user, session };
}

/** The fields of a form that was sent, nothing where there was none. */
export function bodyOf(req: Request): Readonly<Record<string, unknown>> {
  const body: unknown = req.body;
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? Object.fromEntries(Object.entries(body))
    : {};
}

/** One field as text; of a field that was sent twice the first counts, and what is missing is empty. */
export function textOf(source: Readonly<Record<string, unknown>>, name: string): string {
  const value = Object.hasOwn(source, name) ? source[name] : undefined;
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : '';
}

/** A field that may be there several times. */
export function textsOf(source: Readonly<Record<string, unknown>>, name: string): string[] {
  const value = Object.hasOwn(source, name) ? source[name] : undefined;
  return [value].flat().filter((one): one is string => typeof one === 'string');
}

/** A part of the address's query as text. */
export function queryOf(req: Request, name: string): string {
  return textOf(Object.fromEntries(Object.entries(req.query)), name).slice(0, 500);
}

/** A named part of the path. */
export function paramOf(req: Request, name: string): string {
  const value: unknown = req.params[name];
  return typeof value === 'string' ? value : '';
}

/** Whether a script asks and wants data back instead of a page. */
export function wantsJson(req: Request): boolean {
  return (req.get('accept') ?? '').startsWith('application/json');
}
