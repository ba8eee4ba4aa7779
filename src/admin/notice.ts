import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import type { NoticeView } from './view-models.ts';

const cookieName = 'outpost_notice';

const noticeSchema = z.object({
  sessionId: z.string(),
  kind: z.enum(['done', 'error']),
  text: z.string(),
  undo: z
    .object({ action: z.string(), fields: z.array(z.object({ name: z.string(), value: z.string() })) })
    .nullable(),
});

type NoticeDeps = Pick<Deps, 'config' | 'secrets' | 'log'>;

function cookie(deps: NoticeDeps, value: string, maxAge: number): string {
  const secure = deps.config.origin.startsWith('https:');
  return stringifySetCookie({
    name: cookieName,
    value,
    httpOnly: true,
    sameSite: 'lax',
    secure,
    path: '/admin',
    maxAge,
  });
}

/** Has the next page say what was done. It is sealed and meant for one session, so nobody else can put words there. */
export function leaveNotice(
  deps: NoticeDeps,
  req: Request,
  res: Response,
  notice: Partial<NoticeView> & { text: string },
): void {
  const { session } = req.visitor;
  if (!session) return;
  const full = {
    sessionId: session.id,
    kind: notice.kind ?? 'done',
    text: notice.text.slice(0, 300),
    undo: notice.undo ?? null,
  };
  const sealed = deps.secrets.seal('notice', JSON.stringify(full));
  // A browser drops a larger cookie, and with it the sentence; then the sentence without its undo is better.
  const value =
    sealed.length < 3600 ? sealed : deps.secrets.seal('notice', JSON.stringify({ ...full, undo: null }));
  res.append('Set-Cookie', cookie(deps, value, 120));
}

/** What was left for this page, said once. */
export function takeNotice(deps: NoticeDeps, req: Request, res: Response): NoticeView | null {
  const sealed = req.headers.cookie ? parseCookie(req.headers.cookie)[cookieName] : undefined;
  if (!sealed) return null;
  res.append('Set-Cookie', cookie(deps, '', 0));
  try {
    const { sessionId, kind, text, undo } = noticeSchema.parse(
      JSON.parse(deps.secrets.open('notice', sealed)),
    );
    return sessionId === req.visitor.session?.id ? { kind, text, undo } : null;
  } catch (error) {
    deps.log.debug({ err: error }, 'a notice cookie that is not ours was dropped');
    return null;
  }
}
