import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isSafeHtml } from '../content/safe-html.ts';
import type { RouteResponse } from '../plugin-host/api.ts';

function isAnswer(value: unknown): value is RouteResponse {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What a plugin's handler gave, if it can be sent; found out before anything of it was.
 * @throws Error that says what is wrong
 */
export function checkAnswer(value: unknown): RouteResponse {
  if (!isAnswer(value)) throw new Error('the handler gave no answer; return { status, headers, body }');
  const { status, headers, body, page } = value;
  if (status !== undefined && (!Number.isInteger(status) || status < 200 || status > 599))
    throw new Error(`the status ${String(status)} cannot be sent; give a number from 200 to 599`);
  for (const [name, field] of Object.entries(headers ?? {})) {
    validateHeaderName(name);
    validateHeaderValue(name, field);
  }
  const isStream = typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
  if (body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array) && !isStream)
    throw new Error('the body must be text, bytes or parts that come over time');
  if (page !== undefined && (body !== undefined || typeof page?.title !== 'string' || !isSafeHtml(page.html)))
    throw new Error('a page needs a title and the html of a view, and has no body beside it');
  return value;
}
