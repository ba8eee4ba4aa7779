import type { Deps } from '../deps.ts';
import type { JobInput, JobKind } from '../jobs/job.ts';
import { sendMail } from '../mail/send-mail.ts';
import { findPost } from '../posts/post-store.ts';
import { getSetting, putSetting } from '../settings/setting-store.ts';
import { siteSettings } from '../settings/site-settings.ts';
import { may } from '../users/user.ts';
import { listUsers } from '../users/user-store.ts';
import type { Comment } from './comment.ts';
import { listComments } from './comment-store.ts';

const kind = 'tell of comments';
const toldKey = 'comments.told';
/** How long comments gather before a mail tells of them, in milliseconds. */
const gatherMs = 10 * 60_000;
const mostLines = 10;
const mostCounted = 500;

/** Has the owner told of what waits, together with what comes in the next minutes. */
export function tellLater(now: Date): JobInput {
  return { kind, payload: null, uniqueKey: kind, runAt: new Date(now.getTime() + gatherMs) };
}

/** Comments from the form that wait and that no mail has told of, oldest first. */
async function newlyWaiting({ db }: Pick<Deps, 'db'>): Promise<Comment[]> {
  const told = await getSetting(db, toldKey);
  const waiting = await listComments(db, { status: 'pending', source: 'web', limit: mostCounted });
  return waiting.filter((comment) => typeof told !== 'string' || comment.id > told).reverse();
}

async function lineOf({ db }: Pick<Deps, 'db'>, { author, postId, text }: Comment): Promise<string> {
  const title = (await findPost(db, postId))?.title || 'a post without a title';
  const line = text.replace(/\s+/gu, ' ').trim();
  return `- ${author.name} on “${title}”: ${line.length > 120 ? `${line.slice(0, 119)}…` : line}`;
}

/** The queue's way of telling those who own the blog, where they want to be told, that readers' comments wait. */
export function tellOfCommentsJob(deps: Pick<Deps, 'db' | 'jobs' | 'config'>): JobKind {
  return {
    kind,
    async handler() {
      const { mailNewComments } = await siteSettings(deps.db);
      const waiting = mailNewComments ? await newlyWaiting(deps) : [];
      const newest = waiting.at(-1);
      if (!newest) return;
      const lines = await Promise.all(waiting.slice(0, mostLines).map((comment) => lineOf(deps, comment)));
      if (waiting.length > mostLines) lines.push(`- and ${waiting.length - mostLines} more`);
      const subject =
        waiting.length === 1 ? 'A comment waits for you' : `${waiting.length} comments wait for you`;
      const text = [`${subject}.`, '', ...lines, '', `${deps.config.origin}/admin/comments`].join('\n');
      for (const user of await listUsers(deps.db, { limit: 1000 }))
        if (may(user, 'site.manage'))
          await sendMail(deps, { to: user.email, subject, text, key: `comments ${user.id}` });
      await putSetting(deps.db, toldKey, newest.id);
    },
  };
}
