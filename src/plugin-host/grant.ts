import type { Kysely, Transaction } from 'kysely';
import { countComments, findComment, findReceivedComment, listComments } from '../comments/comment-store.ts';
import {
  changeReceivedComment,
  placeReceivedComment,
  receiveComment,
  removeReceivedComment,
  removeReceivedCommentsOf,
  renameReceivedAuthor,
} from '../comments/receive-comment.ts';
import { bringCommentsBack, setCommentsAside } from '../comments/set-aside.ts';
import { sanitiseCommentHtml } from '../content/sanitise.ts';
import { repeatable } from '../db/durability.ts';
import type { Schema } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Deps } from '../deps.ts';
import { sendMail } from '../mail/send-mail.ts';
import { countPosts, findPost, findPostBySlug, listPosts } from '../posts/post-store.ts';
import { renderPostForElsewhere } from '../posts/render-post.ts';
import { findTerm } from '../posts/term-store.ts';
import { addReaction, removeReaction } from '../reactions/react.ts';
import { countReactions, listReactions } from '../reactions/reaction-store.ts';
import { bringReactionsBack, setReactionsAside } from '../reactions/set-aside.ts';
import { siteSettings } from '../settings/site-settings.ts';
import { findUser, findUserByUsername, listUsers } from '../users/user-store.ts';
import type { Capabilities, TransactionOptions } from './capabilities.ts';
import { toPublicUser } from './public-user.ts';

/** Public posts only, whatever is asked for. */
const publicPosts = { type: 'post', status: 'published' } as const;

function posts(deps: Deps): Capabilities['posts'] {
  return {
    find: (id) => findPost(deps.db, id),
    findBySlug: (slug) => findPostBySlug(deps.db, slug),
    list: (query) => listPosts(deps.db, { ...query, ...publicPosts }),
    count: (query) => countPosts(deps.db, { ...query, ...publicPosts }),
    findTerm: (kind, slug) => findTerm(deps.db, kind, slug),
    async render(post) {
      const language = post.language ?? (await siteSettings(deps.db)).language;
      return { ...(await renderPostForElsewhere(deps, post)), language };
    },
  };
}

function users(deps: Deps): Capabilities['users'] {
  return {
    async find(id) {
      const user = await findUser(deps.db, id);
      return user && toPublicUser(deps, user);
    },
    async findByUsername(username) {
      const user = await findUserByUsername(deps.db, username);
      return user && toPublicUser(deps, user);
    },
    list: async () =>
      Promise.all((await listUsers(deps.db, { limit: 10_000 })).map((user) => toPublicUser(deps, user))),
    emailOf: async (id) => (await findUser(deps.db, id))?.email ?? null,
  };
}

/** Works in the plugin's transaction where it gives one: that is one of this database, whatever tables its type names. */
function within<R>(
  deps: Deps,
  trx: object | null,
  work: (trx: Transaction<Schema>) => Promise<R>,
): Promise<R> {
  return trx === null ? inTransaction(deps.db, work) : work(trx as Transaction<Schema>);
}

function comments(deps: Deps, source: string): Capabilities['comments'] {
  return {
    find: (id) => findComment(deps.db, id),
    findReceived: (externalId) => findReceivedComment(deps.db, source, externalId),
    list: ({ status, known, ...query }) =>
      listComments(deps.db, {
        ...query,
        status: status === 'all' ? undefined : status,
        ...(known && { knownTo: source }),
      }),
    count: ({ known, ...query }) => countComments(deps.db, { ...query, ...(known && { knownTo: source }) }),
    receive: (comment) => receiveComment(deps, { ...comment, source }),
    change: (change) => changeReceivedComment(deps, { ...change, source }),
    place: (comment) => placeReceivedComment(deps, { ...comment, source }),
    remove: (comment) => removeReceivedComment(deps, { ...comment, source }),
    removeAllOf: (externalAuthorId) => removeReceivedCommentsOf(deps, { source, externalAuthorId }),
    renameAuthor: (externalAuthorId, author) =>
      renameReceivedAuthor(deps, { source, externalAuthorId, author }),
    setAside: (trx, authors) =>
      within(deps, trx, (inner) => setCommentsAside(deps, inner, { source, authors })),
    bringBack: (trx, authors, except = {}) =>
      within(deps, trx, (inner) => bringCommentsBack(deps, inner, { source, authors, except })),
    sanitise: (html) => sanitiseCommentHtml(html),
  };
}

function reactions(deps: Deps, source: string): Capabilities['reactions'] {
  return {
    add: (reaction) => addReaction(deps, { ...reaction, source }),
    remove: (filter) => removeReaction(deps, { ...filter, source }),
    setAside: (trx, authors) =>
      within(deps, trx, (inner) => setReactionsAside(deps, inner, { source, authors })),
    bringBack: (trx, authors, except = {}) =>
      within(deps, trx, (inner) => bringReactionsBack(deps, inner, { source, authors, except })),
    list: (query) => listReactions(deps.db, query),
    count: (postId, commentId) => countReactions(deps.db, postId, commentId),
  };
}

function database(deps: Deps): Capabilities['database'] {
  // The tables behind are one database; which of them a plugin names is its own declaration.
  const as = <T>() => deps.db as unknown as Kysely<T>;
  return {
    as,
    transaction: <T, R>(
      work: (trx: Transaction<T>) => Promise<R>,
      { unflushed = false }: TransactionOptions = {},
    ) => (unflushed ? repeatable(() => inTransaction(as<T>(), work)) : inTransaction(as<T>(), work)),
    flush: () => deps.flush(),
    dialect: deps.dialect,
  };
}

/** Everything that can be granted, each made only when it is. */
export function capabilitiesFor(
  deps: Deps,
  source: string,
): { [P in keyof Capabilities]: () => Capabilities[P] } {
  return {
    posts: () => posts(deps),
    users: () => users(deps),
    comments: () => comments(deps, source),
    reactions: () => reactions(deps, source),
    database: () => database(deps),
    network: () => deps.fetch,
    mail: () => ({ send: (message) => sendMail(deps, message) }),
  };
}
