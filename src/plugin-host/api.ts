/**
 * Everything of Outpost that a plugin may import, as `outpost/plugin`. A plugin is one declaration:
 * importing it does nothing, so that it can be listed, compared and refused before any of it runs.
 *
 *     import { definePlugin } from 'outpost/plugin';
 *
 *     export default definePlugin({
 *       id: 'hello', name: 'Hello', version: '1.0.0', apiVersion: 1, permissions: ['posts'],
 *       filters: { 'post.html': async (html) => html },
 *     });
 */
import type { Kysely, Transaction } from 'kysely';
import type { Migration } from 'kysely/migration';
import { z } from 'zod';
import type { SafeHtml } from '../content/safe-html.ts';
import type { ActionName, Actions, FilterContext, FilterName, FilterValue } from '../hooks/types.ts';
import type { JobOutcome } from '../jobs/job.ts';
import type { Logger } from '../log.ts';
import type { User } from '../users/user.ts';
import type { Capabilities } from './capabilities.ts';

export type { Generated, Kysely, Transaction } from 'kysely';
export { PostgresAdapter, sql } from 'kysely';
export type { Migration } from 'kysely/migration';
export type { Comment, CommentAuthor, CommentStatus, IncomingComment } from '../comments/comment.ts';
export { excerptOf } from '../content/excerpt.ts';
export type { SafeHtml } from '../content/safe-html.ts';
export { textOf } from '../content/sanitise.ts';
export {
  ConflictError,
  ForbiddenError,
  GoneError,
  InvalidError,
  NotFoundError,
  OutpostError,
  TooLargeError,
  TooManyError,
  UnauthorizedError,
  UnavailableError,
  UnsupportedTypeError,
} from '../errors.ts';
export type { Actions, AuthorAddress, Filters, HeadTag, PageSubject, SlotName } from '../hooks/types.ts';
export type { JobOutcome } from '../jobs/job.ts';
export type { Medium } from '../media/medium.ts';
export {
  FetchFailedError,
  FetchRefusedError,
  FetchTimeoutError,
  FetchTooLargeError,
} from '../net/fetch-errors.ts';
export type { SafeFetch, SafeFetchRequest, SafeFetchResponse } from '../net/safe-fetch.ts';
export type { Post, PostStatus, PostType, Term } from '../posts/post.ts';
export type { Reaction, ReactionKind } from '../reactions/reaction.ts';
export type { Role, User } from '../users/user.ts';
export type { Capabilities, PublicUser, RenderedPost } from './capabilities.ts';
export { z };

/** What a plugin asks for; each is the name of the member of the context that it gets. */
export type Permission = keyof Capabilities;

/** The site as plugins see it. */
export type SiteFacts = {
  /** The public origin without a slash at its end. */
  origin: string;
  title: string;
  tagline: string;
  /** BCP 47. */
  language: string;
  /** Outpost's version. */
  version: string;
  userCount: number;
  postCount: number;
  commentCount: number;
};

/** What every plugin gets, whatever it asks for. */
export type BaseContext<S> = {
  pluginId: string;
  log: Logger;
  /** The present moment; tests move it. */
  now(): Date;
  newId(): string;
  site(): Promise<SiteFacts>;
  /** The origin at once, for building addresses. */
  origin: string;
  /** The plugin's own settings, checked by its schema. */
  settings: { get(): Promise<S>; set(change: Partial<S>): Promise<S> };
  /** Addresses of the site's pages, absolute. */
  urls: {
    home(): string;
    post(post: { slug: string }): string;
    author(user: { username: string }): string;
    tag(slug: string): string;
    category(slug: string): string;
    comment(post: { slug: string }, commentId: string): string;
    /** An asset of this plugin. */
    asset(file: string): string;
    /** A page of this plugin in the admin. */
    admin(path: string): string;
  };
  views: {
    /** Renders one of the plugin's own views; everything in it is escaped unless it is SafeHtml. */
    render(view: string, data: Record<string, unknown>): Promise<SafeHtml>;
  };
  jobs: {
    /** Puts one of the plugin's own jobs into the queue, in a transaction where one is given. */
    add(
      trx: Transaction<never> | Transaction<unknown> | null | object,
      name: string,
      payload: unknown,
      options?: JobOptions,
    ): Promise<void>;
    /** The same for many jobs of one kind, in as few statements as possible. */
    addAll(
      trx: Transaction<never> | Transaction<unknown> | null | object,
      name: string,
      inputs: readonly ({ payload: unknown } & JobOptions)[],
    ): Promise<void>;
  };
  filters: {
    apply<N extends FilterName>(
      name: N,
      value: FilterValue<N>,
      context: FilterContext<N>,
    ): Promise<FilterValue<N>>;
  };
  /** Says, in a transaction where one is given, that a post's page (or every page) must be made anew. */
  refreshPages(trx: object | null, postId?: string): Promise<void>;
  /** Grows with every change of a post, a profile, a picture or a setting, and whenever a plugin is switched: what was made of them under a smaller number is out of date. */
  pagesVersion(): number;
  /** What another plugin offers, or null where it is not there or off. */
  service(pluginId: string): unknown;
  /** Encrypts and signs with the site's secret, for one purpose of this plugin. */
  secrets: {
    seal(purpose: string, text: string): string;
    open(purpose: string, sealed: string): string;
    sign(purpose: string, text: string): string;
    verify(purpose: string, text: string, signature: string): boolean;
  };
  /** Counts an event against a limit and tells how long to wait where it is over; null where it is not. */
  rateLimit(
    key: string,
    limit: { max: number; windowSeconds: number },
  ): Promise<{ retryAfterSeconds: number } | null>;
  /** Says that others have come to rely on the site's address: from now on a start with another OUTPOST_URL is refused. */
  keepOrigin(): Promise<void>;
  /** Does nothing but in tests of faults, where it crashes, throws or hangs as OUTPOST_FAULTS says. */
  failpoint(name: string): Promise<void>;
};

/** Options of a job; see the fields of the same name in the queue. */
export type JobOptions = { subject?: string; uniqueKey?: string; runAt?: Date; maxAttempts?: number };

/** What a plugin's functions receive: the base and what its permissions grant, no more. */
export type PluginContext<P extends Permission = never, S = Record<string, never>> = BaseContext<S> &
  Pick<Capabilities, P>;

/** A request as a plugin sees it. */
export type RouteRequest = {
  method: string;
  /** The path, decoded, and the raw target as it came, for signatures. */
  path: string;
  rawTarget: string;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** Lower-case names; for repeated fields see `rawHeaders`. */
  headers: Readonly<Record<string, string | undefined>>;
  rawHeaders: readonly string[];
  /** The body's bytes, for routes that declare `body`. Empty where none was sent. */
  body: Buffer;
  /** Fields of a submitted form, for routes whose body takes forms. */
  form: Readonly<Record<string, string | string[]>>;
  /** The client's address, after trusted proxies. */
  ip: string;
  /** Who is signed in. */
  user: User | null;
  signal: AbortSignal;
};

/** An answer: bytes, text, JSON, or parts that come over time. */
export type RouteResponse = {
  status?: number;
  /** `Content-Type` is needed wherever there is a body. */
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array | AsyncIterable<string>;
};

/** A path of the plugin's own. */
export type Route<C> = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** From the root, with `:name` for a part: `/.well-known/webfinger`, `/feed/:kind`. Two plugins with the same path cannot both be on. */
  path: string;
  /** `public` for everybody; `admin` and `moderator` for those signed in who may manage the site or moderate, with a proof against forged requests on every POST. */
  access: 'public' | 'admin' | 'moderator' | 'author';
  /** Which bodies are taken; a larger one is answered 413, another type 415, a compressed one 415. */
  body?: { types: readonly string[]; maxBytes: number };
  /** How many other answers of this kind may wait at once before newcomers are told 503. Unlimited where absent. */
  handler(request: RouteRequest, context: C): Promise<RouteResponse> | RouteResponse;
};

/** Another media type on the address of a post or an author. */
export type Representation<C> = {
  of: 'post' | 'author';
  /** What a request must prefer over HTML, for example `application/feed+json`. A parameter must match too where given. */
  types: readonly string[];
  /** `id` is the post's or the user's. Null where there is none, which is answered as if the page did not exist. */
  respond(id: string, request: RouteRequest, context: C): Promise<RouteResponse | null>;
};

/** A page in the admin. Its menu entry appears while the plugin is on. */
export type AdminPage<C> = {
  /** Below `/admin/<plugin id>/`; may have `:name` parts. Empty for the plugin's first page. */
  path: string;
  title: string;
  /** Whether it stands in the menu. */
  menu: boolean;
  access: 'admin' | 'moderator' | 'author';
  /** Gives the view's name and data; the admin's frame is put around it. */
  load(
    request: RouteRequest,
    context: C,
  ): Promise<{ view: string; data: Record<string, unknown>; title?: string }>;
  /** Named deeds that forms on the page post: `<form method="post" action="?do=NAME">`. A notice is shown on the page after. */
  deeds?: Readonly<
    Record<string, (request: RouteRequest, context: C) => Promise<{ notice?: string; to?: string }>>
  >;
};

/** Work done later, from the queue. */
export type JobDefinition<C> = {
  /** How many run side by side on one node; 4 where absent. */
  concurrency?: number;
  deadlineMs?: number;
  /** Set where doing it again from the start does no harm; its commits then do not wait for the disk. */
  repeatable?: boolean;
  handler(
    payload: unknown,
    context: C,
    job: { id: string; attempts: number; maxAttempts: number; signal: AbortSignal },
  ): Promise<JobOutcome>;
};

/** Something done regularly: at each tick the named job is put into the queue, once however many nodes there are. */
export type Schedule = { cron: string; job: string; payload?: unknown };

/** A command of `outpost <plugin id> …`. */
export type Command<C> = {
  name: string;
  /** As shown by --help: `followers <username>`. */
  usage: string;
  about: string;
  options?: readonly { flags: string; about: string; repeat?: boolean }[];
  /** What is printed with --json, and as a table for people. Throw an OutpostError for what cannot be done. */
  run(
    input: {
      args: readonly string[];
      options: Readonly<Record<string, unknown>>;
      limit: number;
      after: string | undefined;
    },
    context: C,
  ): Promise<unknown>;
};

/** A check of `outpost doctor`. */
export type HealthCheck<C> = {
  name: string;
  run(context: C): Promise<{ status: 'ok' | 'warning' | 'error'; detail: string; remedy?: string }>;
};

/** A plugin's whole declaration. */
export type PluginDefinition<P extends Permission = Permission, S extends z.ZodObject = z.ZodObject> = {
  /** Lower-case letters, digits and hyphens; also the folder's name. */
  id: string;
  name: string;
  version: string;
  apiVersion: 1;
  /** One sentence for the list of plugins. */
  description?: string;
  /** What the origin of comments and reactions that it takes in is called; its id where absent. */
  source?: string;
  /** Ids of plugins that must be on. */
  requires?: readonly string[];
  permissions?: readonly P[];
  /** Whether a new blog begins with it switched on. For bundled plugins only. */
  onByDefault?: boolean;
  /** Every member needs a default. From it the form and its checks are made; `.meta({ title, description })` gives label and help. */
  settings?: S;
  /** By name, run in the order of their names, once, before the plugin is switched on. Tables are named `plugin_<id>_…`, hyphens as underscores. */
  migrations?: Readonly<Record<string, Migration>>;
  /** Hooks of the plugin's own, with a sentence each. */
  hooks?: Readonly<Record<string, { kind: 'action' | 'filter'; about: string }>>;
  actions?: {
    [N in ActionName]?: (
      payload: Actions[N],
      context: PluginContext<P, z.output<S>>,
      signal: AbortSignal,
    ) => Promise<void>;
  };
  filters?: {
    [N in FilterName]?: (
      value: FilterValue<N>,
      context: FilterContext<N>,
      plugin: PluginContext<P, z.output<S>>,
      signal: AbortSignal,
    ) => FilterValue<N> | Promise<FilterValue<N>>;
  };
  routes?: readonly Route<PluginContext<P, z.output<S>>>[];
  representations?: readonly Representation<PluginContext<P, z.output<S>>>[];
  adminPages?: readonly AdminPage<PluginContext<P, z.output<S>>>[];
  jobs?: Readonly<Record<string, JobDefinition<PluginContext<P, z.output<S>>>>>;
  schedules?: readonly Schedule[];
  commands?: readonly Command<PluginContext<P, z.output<S>>>[];
  health?: readonly HealthCheck<PluginContext<P, z.output<S>>>[];
  /** Names that `failpoint` is called with, for `outpost doctor --failpoints`. */
  failpoints?: readonly string[];
  /** A folder beside plugin.ts whose files are public. */
  assets?: string;
  /** A folder beside plugin.ts with Liquid views. */
  views?: string;
  /** What it offers to other plugins. */
  service?(context: PluginContext<P, z.output<S>>): unknown;
  /** Run when it is switched on, and at each start while it is on. What it throws keeps the plugin off. */
  start?(context: PluginContext<P, z.output<S>>): Promise<void> | void;
  /** Run when it is switched off and when the process stops. */
  stop?(context: PluginContext<P, z.output<S>>): Promise<void> | void;
};

/** Gives the declaration its types; does nothing else. */
export function definePlugin<
  const P extends Permission = never,
  S extends z.ZodObject = z.ZodObject<Record<never, never>>,
>(plugin: PluginDefinition<P, S>): PluginDefinition<P, S> {
  return plugin;
}

/** A database with the tables that the type names, for a plugin's own `plugin_<id>_…` tables. */
export type PluginDatabase<T> = Kysely<T>;
