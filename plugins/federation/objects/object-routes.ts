import { LRUCache } from 'lru-cache';
import type { Post, Route, RouteRequest, RouteResponse } from 'outpost/plugin';
import { activityIdOf, commentIdOf, postCollections, postIdOf, readLocalId } from '../addresses.ts';
import {
  activityJson,
  answerReady,
  goneFromHere,
  makeReady,
  notHere,
  prefersPage,
  type ReadyDocument,
  toPage,
} from '../answer.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import { withProof } from '../delivery/prove.ts';
import { answerCollection } from '../threads/collections.ts';
import { PUBLIC, recipients } from '../vocabulary/audience.ts';
import type { Json } from '../vocabulary/context-out.ts';
import { parseJson } from '../vocabulary/json.ts';
import { documentNode, type NodeObject } from '../vocabulary/terms.ts';
import { tombstoneOf } from '../vocabulary/tombstone.ts';
import { findGone } from './find-object.ts';
import { loadArticle } from './load-article.ts';
import { loadNote } from './load-note.ts';
import { rememberedType } from './post-type.ts';
import { isShared } from './shared-post.ts';

/** Posts, comments and activities under their ids. */
export const objectRoutes: readonly Route<FederationContext>[] = [
  { method: 'GET', path: '/ap/posts/:id', access: 'public', handler: answerPost },
  { method: 'GET', path: '/ap/posts/:id/:collection', access: 'public', handler: answerPostCollection },
  { method: 'GET', path: '/ap/comments/:id', access: 'public', handler: answerComment },
  { method: 'GET', path: '/ap/comments/:id/:collection', access: 'public', handler: answerCommentCollection },
  { method: 'GET', path: '/ap/activities/:id', access: 'public', handler: answerActivity },
];

/** What stands under a post's id: the post, what is left of it, or nothing. */
type PostState = { kind: 'live'; post: Post } | { kind: 'gone'; goneAt: string | null } | { kind: 'unknown' };

async function findState(context: FederationContext, objectId: string): Promise<PostState> {
  const id = readLocalId(context.origin, objectId);
  if (id?.kind !== 'post') return { kind: 'unknown' };
  const post = await context.posts.find(id.postId);
  const isLive = post?.publication === id.publication && (await isShared(context, post));
  if (isLive) return { kind: 'live', post };
  const gone = await findGone(context, objectId);
  if (gone) return { kind: 'gone', goneAt: gone.goneAt };
  // What was published before federation was switched on was public all the same.
  const wasPublic = post?.type === 'post' && id.publication <= post.publication;
  return wasPublic ? { kind: 'gone', goneAt: null } : { kind: 'unknown' };
}

async function answerPost(request: RouteRequest, context: FederationContext): Promise<RouteResponse> {
  const objectId = `${context.origin}/ap/posts/${request.params.id ?? ''}`;
  const ready = await readyPost(context, objectId);
  if (ready) {
    if (prefersPage(request)) return toPage(ready.pageUrl);
    return answerReady(request, context, ready.document, { maxAgeSeconds: 10 });
  }
  const state = await findState(context, objectId);
  if (state.kind !== 'gone') return notHere();
  return goneFromHere(request, context, await tombstone(context, objectId, state.goneAt));
}

type ReadyPost = { document: ReadyDocument; pageUrl: string };
type KeptPost = { version: number; post: Promise<ReadyPost | null> };

/** As long as hundreds of servers ask for a new post at once. */
const READY_MS = 5_000;
const readyPosts = new WeakMap<object, LRUCache<string, KeptPost>>();

/**
 * A live post as it is sent, made once for all who ask within a few seconds: the database is asked for it once. Whatever
 * changes on the site makes it anew.
 */
function readyPost(context: FederationContext, objectId: string): Promise<ReadyPost | null> {
  let posts = readyPosts.get(context);
  if (!posts) {
    posts = new LRUCache({ max: 500, ttl: READY_MS });
    readyPosts.set(context, posts);
  }
  const id = readLocalId(context.origin, objectId);
  const version = context.pagesVersion(id?.kind === 'post' ? id.postId : undefined);
  const known = posts.get(objectId);
  if (known?.version === version) return known.post;
  const post = makePostReady(context, objectId);
  posts.set(objectId, { version, post });
  const forget = () => posts.delete(objectId);
  // Whoever awaits it is told what went wrong.
  post.then((made) => made ?? forget(), forget);
  return post;
}

async function makePostReady(context: FederationContext, objectId: string): Promise<ReadyPost | null> {
  const state = await findState(context, objectId);
  if (state.kind !== 'live') return null;
  const { object } = await loadArticle(context, state.post);
  return { document: makeReady(object), pageUrl: context.urls.post(state.post) };
}

/** What is left of a post, which was what it was. */
async function tombstone(context: FederationContext, objectId: string, goneAt: string | null): Promise<Json> {
  return tombstoneOf(objectId, (await rememberedType(context, objectId)) ?? 'Article', goneAt);
}

async function answerPostCollection(
  request: RouteRequest,
  context: FederationContext,
): Promise<RouteResponse> {
  const of = postCollections.find((one) => one === request.params.collection);
  const state = of && (await findState(context, `${context.origin}/ap/posts/${request.params.id ?? ''}`));
  if (!of || state?.kind !== 'live') return notHere();
  const { post } = state;
  if (prefersPage(request)) return toPage(context.urls.post(post));
  const objectId = postIdOf(context.origin, post);
  return answerCollection(request, context, { subject: { kind: 'post', post }, objectId, of });
}

/** The same of a comment by an author. Its discussion is its post's. */
async function answerCommentCollection(
  request: RouteRequest,
  context: FederationContext,
): Promise<RouteResponse> {
  const of = postCollections.find((one) => one === request.params.collection);
  const comment = of && of !== 'context' ? await context.comments.find(request.params.id ?? '') : null;
  const note = comment && (await loadNote(context, comment));
  const post = note && (await context.posts.find(comment.postId));
  if (!of || !post) return notHere();
  if (prefersPage(request)) return toPage(context.urls.comment(post, comment.id));
  const objectId = commentIdOf(context.origin, comment.id);
  return answerCollection(request, context, { subject: { kind: 'comment', comment, post }, objectId, of });
}

async function answerComment(request: RouteRequest, context: FederationContext): Promise<RouteResponse> {
  const commentId = request.params.id ?? '';
  const id = commentIdOf(context.origin, commentId);
  const comment = await context.comments.find(commentId);
  const note = comment && (await loadNote(context, comment));
  if (!comment || !note) {
    const gone = await findGone(context, id);
    return gone ? goneFromHere(request, context, tombstoneOf(id, 'Note', gone.goneAt)) : notHere();
  }
  if (prefersPage(request)) {
    const post = await context.posts.find(comment.postId);
    return post ? toPage(context.urls.comment(post, comment.id)) : notHere();
  }
  return activityJson(request, context, note.object, { maxAgeSeconds: 10 });
}

/** An activity that was told to everybody; what was said to one server, such as an Accept, stays between the two. */
async function answerActivity(request: RouteRequest, context: FederationContext): Promise<RouteResponse> {
  const row = await tablesOf(context)
    .selectFrom('plugin_federation_activities')
    .select(['body', 'object_id', 'user_id', 'created_at'])
    .where('id', '=', activityIdOf(context.origin, request.params.id ?? ''))
    .executeTakeFirst();
  if (!row) return notHere();
  const text = await withProof(context, row.body, { userId: row.user_id, createdAt: row.created_at });
  const body = documentNode(parseJson(Buffer.from(text)));
  if (!body || !isForEverybody(body)) return notHere();
  // What a deleted object said is gone with it, wherever it was said.
  const gone = body.type === 'Delete' ? null : await findGone(context, row.object_id);
  if (gone?.goneAt)
    return goneFromHere(
      request,
      context,
      gone.kind === 'post'
        ? await tombstone(context, row.object_id, gone.goneAt)
        : tombstoneOf(row.object_id, 'Note', gone.goneAt),
    );
  return activityJson(request, context, { ...body });
}

function isForEverybody(activity: NodeObject): boolean {
  return [...recipients(activity.to), ...recipients(activity.cc)].includes(PUBLIC);
}
