import { findActors } from '../actors/actor-store.ts';
import { SITE } from '../addresses.ts';
import { commentSource, type FederationContext, tablesOf } from '../context.ts';
import { listQuotes } from '../quotes/quote-store.ts';
import { composeNotice, type News } from './compose-notice.ts';

const dayMs = 86_400_000;
const mostRows = 500;

/** What mails can tell of, and the page that shows it. */
const pages: Readonly<Record<News['kind'], string>> = {
  followers: '',
  comments: 'comments',
  quotes: 'quotes',
  mentions: 'messages',
  failures: 'deliveries',
};

/**
 * Tells authors by mail what has happened since the last time, as far as the owner wants that: the job behind every
 * notice. News that come close together are one mail; followers are told of once a day.
 */
export async function sendNotices(_payload: unknown, context: FederationContext): Promise<void> {
  const settings = await context.settings.get();
  if (settings.mailComments) await tell(context, 'comments', await newComments(context));
  if (settings.mailComments) await tell(context, 'quotes', await newQuotes(context));
  if (settings.mailMentions) await tell(context, 'mentions', await newMentions(context));
  if (settings.mailFailures) await tell(context, 'failures', await newFailures(context));
  if (settings.mailFollowers) await tell(context, 'followers', await newFollowers(context));
}

type NewsByUser = ReadonlyMap<string, News>;

async function tell(context: FederationContext, kind: News['kind'], newsByUser: NewsByUser): Promise<void> {
  for (const [userId, news] of newsByUser) {
    const to = await context.users.emailOf(userId);
    if (to !== null) {
      const page = kind === 'comments' ? `${context.origin}/admin/comments` : context.urls.admin(pages[kind]);
      const key = `federation ${kind} ${userId}`;
      await context.mail.send({ to, key, ...composeNotice(news, page) });
    }
    const until = context.now().toISOString();
    await tablesOf(context)
      .insertInto('plugin_federation_notices')
      .values({ user_id: userId, kind, until })
      .onConflict((conflict) => conflict.columns(['user_id', 'kind']).doUpdateSet({ until }))
      .execute();
  }
}

/** Since when each author is to be told; who was never told gets the last day. */
async function toldUntil(
  context: FederationContext,
  kind: News['kind'],
): Promise<(userId: string) => string> {
  const rows = await tablesOf(context)
    .selectFrom('plugin_federation_notices')
    .select(['user_id', 'until'])
    .where('kind', '=', kind)
    .execute();
  const until = new Map(rows.map((row) => [row.user_id, row.until]));
  const yesterday = new Date(context.now().getTime() - dayMs).toISOString();
  return (userId) => until.get(userId) ?? yesterday;
}

async function newComments(context: FederationContext): Promise<NewsByUser> {
  const since = await toldUntil(context, 'comments');
  const news = new Map<string, Extract<News, { kind: 'comments' }>>();
  const waiting = await context.comments.list({ status: 'pending', limit: mostRows });
  for (const comment of waiting.filter(({ source }) => source === commentSource)) {
    const post = await context.posts.find(comment.postId);
    if (!post || comment.updatedAt <= since(post.authorId)) continue;
    const known = news.get(post.authorId) ?? { kind: 'comments', from: [], total: 0 };
    const one = { name: comment.author.name, postTitle: post.title, text: comment.text };
    news.set(post.authorId, { ...known, from: [...known.from, one], total: known.total + 1 });
  }
  return news;
}

async function newQuotes(context: FederationContext): Promise<NewsByUser> {
  const since = await toldUntil(context, 'quotes');
  const rows = await listQuotes(tablesOf(context), { states: ['waiting'], limit: mostRows });
  const fresh = rows.filter((row) => row.created_at > since(row.user_id));
  const names = await namesOf(context, fresh);
  const news = new Map<string, Extract<News, { kind: 'quotes' }>>();
  for (const row of fresh) {
    const known = news.get(row.user_id) ?? { kind: 'quotes', from: [], total: 0 };
    const postTitle = (await context.posts.find(row.post_id))?.title || 'A post';
    const one = { name: names(row.actor_id), postTitle };
    news.set(row.user_id, { ...known, from: [...known.from, one], total: known.total + 1 });
  }
  return news;
}

async function newMentions(context: FederationContext): Promise<NewsByUser> {
  const since = await toldUntil(context, 'mentions');
  const rows = await tablesOf(context)
    .selectFrom('plugin_federation_mentions')
    .select(['user_id', 'actor_id', 'visibility', 'created_at'])
    .where('read_at', 'is', null)
    .where('user_id', '<>', SITE)
    .orderBy('id', 'desc')
    .limit(mostRows)
    .execute();
  const fresh = rows.filter((row) => row.created_at > since(row.user_id));
  const names = await namesOf(context, fresh);
  const news = new Map<string, Extract<News, { kind: 'mentions' }>>();
  for (const row of fresh) {
    const known = news.get(row.user_id) ?? { kind: 'mentions', from: [], total: 0 };
    const isPrivate = row.visibility === 'direct' || row.visibility === 'followers';
    const one = { name: names(row.actor_id), isPrivate };
    news.set(row.user_id, { ...known, from: [...known.from, one], total: known.total + 1 });
  }
  return news;
}

async function newFollowers(context: FederationContext): Promise<NewsByUser> {
  const since = await toldUntil(context, 'followers');
  const rows = await tablesOf(context)
    .selectFrom('plugin_federation_followers')
    .select(['user_id', 'actor_id', 'since'])
    .orderBy('since', 'desc')
    .limit(mostRows)
    .execute();
  const aDayAgo = new Date(context.now().getTime() - dayMs).toISOString();
  const fresh = rows.filter((row) => row.since > since(row.user_id) && since(row.user_id) <= aDayAgo);
  const names = await namesOf(context, fresh);
  const news = new Map<string, Extract<News, { kind: 'followers' }>>();
  for (const row of fresh) {
    const known = news.get(row.user_id) ?? { kind: 'followers', names: [], total: 0 };
    news.set(row.user_id, { ...known, names: [...known.names, names(row.actor_id)], total: known.total + 1 });
  }
  return news;
}

async function newFailures(context: FederationContext): Promise<NewsByUser> {
  const since = await toldUntil(context, 'failures');
  const rows = await tablesOf(context)
    .selectFrom('plugin_federation_deliveries')
    .select(['user_id', 'post_id', 'host', 'next_attempt_at'])
    .where('state', '=', 'abandoned')
    .where('post_id', 'is not', null)
    .where('attempts', '>', 0)
    .orderBy('next_attempt_at', 'desc')
    .limit(mostRows)
    .execute();
  const fresh = rows
    .filter((row) => row.next_attempt_at > since(row.user_id))
    .map(({ user_id, post_id, host }) => ({ user_id, post_id, place: host }));
  const { missed, authorOf } = await missedCommunities(context);
  for (const { post_id, name, changed_at } of missed) {
    const user_id = authorOf(post_id);
    if (user_id && changed_at > since(user_id)) fresh.push({ user_id, post_id, place: name });
  }
  const news = new Map<string, News>();
  for (const [userId, ofUser] of Map.groupBy(fresh, (row) => row.user_id)) {
    const posts = [];
    for (const [postId, ofPost] of Map.groupBy(ofUser, (row) => row.post_id ?? '')) {
      const title = (await context.posts.find(postId))?.title || 'A post';
      posts.push({ title, servers: [...new Set(ofPost.map((row) => row.place))] });
    }
    news.set(userId, { kind: 'failures', posts, total: posts.length });
  }
  return news;
}

/** Communities that were not found and are not looked for any more, with the authors of the posts that were to go there. */
async function missedCommunities(context: FederationContext) {
  const missed = await tablesOf(context)
    .selectFrom('plugin_federation_communities')
    .select(['post_id', 'name', 'changed_at'])
    .where('state', '=', 'refused')
    .orderBy('changed_at', 'desc')
    .limit(mostRows)
    .execute();
  const authors = new Map<string, string | null>();
  for (const { post_id } of missed) {
    if (!authors.has(post_id)) authors.set(post_id, (await context.posts.find(post_id))?.authorId ?? null);
  }
  return { missed, authorOf: (postId: string) => authors.get(postId) ?? null };
}

async function namesOf(
  context: FederationContext,
  rows: readonly { actor_id: string }[],
): Promise<(actorId: string) => string> {
  const actors = await findActors(context, [...new Set(rows.map((row) => row.actor_id))]);
  return (actorId) => {
    const actor = actors.get(actorId);
    return actor ? `${actor.name} (${actor.handle ?? actor.id})` : actorId;
  };
}
