import type { Request, Response } from 'express';
import type { SafeHtml } from '../content/safe-html.ts';
import type { PageSubject } from '../hooks/types.ts';
import type { WebDeps } from '../http/server.ts';

/** A page to be answered with. */
export type Answer = {
  /** Under which it is kept for everybody: the path and the part of the query that changes it. */
  key: string;
  /** The counters under which it stays good. */
  tags: readonly string[];
  subject: PageSubject;
  render(): Promise<SafeHtml>;
};

const htmlType = 'text/html; charset=utf-8';
/** Signing in and the form asked for change what is at an address. */
const vary = 'Accept, Accept-Encoding, Cookie';

async function headersOf(
  deps: WebDeps,
  { key, subject }: Pick<Answer, 'key' | 'subject'>,
): Promise<Record<string, string>> {
  const added = await deps.hooks.filters.apply('page.headers', {}, { subject, path: key });
  return { ...added, 'Content-Type': htmlType, Vary: vary };
}

/** Sends a page that is made for one person or one moment, and that nobody may keep. */
export function sendPage(res: Response, html: SafeHtml, status = 200): void {
  const bytes = Buffer.from(html.toString());
  res.status(status);
  res.setHeader('Content-Type', htmlType);
  res.setHeader('Cache-Control', 'private, no-store');
  res.setHeader('Vary', vary);
  res.setHeader('Content-Length', bytes.length);
  res.end(res.req.method === 'HEAD' ? undefined : bytes);
}

/** Answers with a page: from the ready ones or kept for the next where nobody is signed in, else made for the one who asks. */
export async function answerPage(deps: WebDeps, req: Request, res: Response, answer: Answer): Promise<void> {
  if (req.visitor.user) {
    res.setHeaders(new Map(Object.entries(await headersOf(deps, answer))));
    sendPage(res, await answer.render());
    return;
  }
  // A browser asks again each time and mostly hears that nothing has changed.
  await deps.pages.make(answer.key, req, res, async () => ({
    body: Buffer.from((await answer.render()).toString()),
    headers: { ...(await headersOf(deps, answer)), 'Cache-Control': 'no-cache' },
    tags: answer.tags,
  }));
}

/**
 * The number of a list's page, from 1. Only what stands in a link of ours counts; anything else has no page.
 * @returns null for what is no such number
 */
export function readPageNumber(req: Request): number | null {
  const { page } = req.query;
  if (page === undefined) return 1;
  if (typeof page !== 'string' || !/^[1-9]\d{0,4}$/.test(page)) return null;
  return Number(page);
}
