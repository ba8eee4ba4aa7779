/**
 * Everything of Outpost that a plugin may import, as `outpost/plugin`. A plugin is one declaration:
 * importing it does nothing, so that it can be listed, compared and refused before any of it runs.
 *
 *     import { definePlugin } from 'outpost/plugin';
 *
 *     export default definePlugin({
 *       id: 'guest-book', name: 'Guest book', version: '1.0.0', apiVersion: 1, permissions: ['posts'],
 *       filters: { 'post.html': async (html) => html },
 *     });
 */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { z } from 'zod';
import type { SafeHtml } from '../content/safe-html.ts';
import type { ActionName, Actions, FilterContext, FilterName, FilterValue, HeadTag } from '../hooks/types.ts';
import type { JobOutcome } from '../jobs/job.ts';
import type { User } from '../users/user.ts';
import type { Metric } from './metric.ts';
import type { Permission, PluginContext } from './plugin-context.ts';

export type { Generated, Kysely, Transaction } from 'kysely';
export { PostgresAdapter, sql } from 'kysely';
export type { Migration } from 'kysely/migration';
export type { AuthorsElsewhere } from '../comments/authors-elsewhere.ts';
export type {
  Comment,
  CommentAuthor,
  CommentPoll,
  CommentStatus,
  CustomEmoji,
  IncomingComment,
} from '../comments/comment.ts';
export { excerptOf } from '../content/excerpt.ts';
export { loneLinks, replaceLoneLinks } from '../content/lone-links.ts';
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
export type {
  Actions,
  AuthorAddress,
  Filters,
  HeadTag,
  PageSubject,
  SlotName,
  SuggestedPerson,
} from '../hooks/types.ts';
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
export type { Metric } from './metric.ts';
export type { BaseContext, JobOptions, Permission, PluginContext, SiteFacts } from './plugin-context.ts';
export { z };

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

/** A page of the plugin's own that stands in the theme, with the site's head and foot around it. */
export type ThemedPage = {
  title: string;
  /** From one of the plugin's views, without the title, which the theme shows. */
  html: SafeHtml;
  /** For previews of a link to it. */
  description?: string;
  /** Further elements of the head, such as a stylesheet of the plugin's own. */
  head?: readonly HeadTag[];
  /** Whether search engines may show it; they may not where this is absent. */
  indexed?: boolean;
};

/** An answer: bytes, text, JSON, parts that come over time, or a page in the theme. */
export type RouteResponse = {
  status?: number;
  /** `Content-Type` is needed wherever there is a body. */
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array | AsyncIterable<string>;
  /** In place of `body`; `Content-Type` and `Cache-Control` are taken care of. */
  page?: ThemedPage;
};

/** A path of the plugin's own. */
export type Route<C> = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** From the root, with `:name` for a part: `/guests`, `/guests/:name`. Two plugins with the same path cannot both be on. */
  path: string;
  /** `public` for everybody; `admin` and `moderator` for those signed in who may manage the site or moderate, with a proof against forged requests on every POST. */
  access: 'public' | 'admin' | 'moderator' | 'author';
  /** Which bodies are taken; a larger one is answered 413, another type 415, a compressed one 415. */
  body?: { types: readonly string[]; maxBytes: number };
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

/** The drawings that the admin has for pages of plugins. */
export type MenuIcon =
  | 'globe'
  | 'mail'
  | 'quote'
  | 'send'
  | 'search'
  | 'list'
  | 'link'
  | 'eye'
  | 'posts'
  | 'people';

/** A page in the admin. Its menu entry appears while the plugin is on. */
export type AdminPage<C> = {
  /** Below `/admin/<plugin id>/`; may have `:name` parts. Empty for the plugin's first page. */
  path: string;
  title: string;
  /** Whether it stands in the menu. */
  menu: boolean;
  /** The drawing before its name there; a dot where absent. */
  icon?: MenuIcon;
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

type CommandInput = {
  args: readonly string[];
  options: Readonly<Record<string, unknown>>;
  limit: number;
  after: string | undefined;
};

/** A command of `outpost <plugin id> …`. */
export type Command<C> = {
  name: string;
  /** As shown by --help: `followers <username>`. */
  usage: string;
  about: string;
  options?: readonly { flags: string; about: string; repeat?: boolean }[];
  /** What is printed with --json, and as a table for people. Throw an OutpostError for what cannot be done. */
  run(input: CommandInput, context: C): Promise<unknown>;
  /** A sentence for people below what `run` gave: what comes next, and where to look. Not printed with --json. */
  next?(given: unknown): string | null;
};

/** A check of `outpost doctor`. */
export type HealthCheck<C> = {
  name: string;
  run(context: C): Promise<{ status: 'ok' | 'warning' | 'error'; detail: string; remedy?: string }>;
};

/** A plugin's whole declaration. */
export type PluginDefinition<
  P extends Permission = Permission,
  S extends z.ZodObject = z.ZodObject,
  F extends z.ZodObject = z.ZodObject,
> = {
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
  /**
   * What writers can say to this plugin about a post or page: a form in the editor, saved with the post, and
   * `--field <id>.<name>=<value>` on the command line. Every member needs a default; read them with
   * `context.postFields(postId)`.
   */
  postFields?: F;
  /** By name, run in the order of their names, once, before the plugin is switched on. Tables are named `plugin_<id>_…`, hyphens as underscores. */
  migrations?: Readonly<Record<string, Migration>>;
  /** Hooks of the plugin's own, with a sentence each. */
  hooks?: Readonly<Record<string, { kind: 'action' | 'filter'; about: string }>>;
  actions?: {
    [N in ActionName]?: (
      payload: Actions[N],
      context: PluginContext<P, z.output<S>, z.output<F>>,
      signal: AbortSignal,
    ) => Promise<void>;
  };
  filters?: {
    [N in FilterName]?: (
      value: FilterValue<N>,
      context: FilterContext<N>,
      plugin: PluginContext<P, z.output<S>, z.output<F>>,
      signal: AbortSignal,
    ) => FilterValue<N> | Promise<FilterValue<N>>;
  };
  routes?: readonly Route<PluginContext<P, z.output<S>, z.output<F>>>[];
  representations?: readonly Representation<PluginContext<P, z.output<S>, z.output<F>>>[];
  adminPages?: readonly AdminPage<PluginContext<P, z.output<S>, z.output<F>>>[];
  jobs?: Readonly<Record<string, JobDefinition<PluginContext<P, z.output<S>, z.output<F>>>>>;
  schedules?: readonly Schedule[];
  commands?: readonly Command<PluginContext<P, z.output<S>, z.output<F>>>[];
  health?: readonly HealthCheck<PluginContext<P, z.output<S>, z.output<F>>>[];
  /** Numbers for `/metrics`; asked for often, so that it must be quick. */
  metrics?(context: PluginContext<P, z.output<S>, z.output<F>>): Promise<readonly Metric[]>;
  /** Names that `failpoint` is called with, for `outpost doctor --failpoints`. */
  failpoints?: readonly string[];
  /** A folder beside plugin.ts whose files are public. */
  assets?: string;
  /** A folder beside plugin.ts with Liquid views. */
  views?: string;
  /** What it offers to other plugins. */
  service?(context: PluginContext<P, z.output<S>, z.output<F>>): unknown;
  /** Run when it is switched on, and at each start while it is on. What it throws keeps the plugin off. */
  start?(context: PluginContext<P, z.output<S>, z.output<F>>): Promise<void> | void;
  /** Run when it is switched off and when the process stops. */
  stop?(context: PluginContext<P, z.output<S>, z.output<F>>): Promise<void> | void;
};

/** Gives the declaration its types; does nothing else. */
export function definePlugin<
  const P extends Permission = never,
  S extends z.ZodObject = z.ZodObject<Record<never, never>>,
  F extends z.ZodObject = z.ZodObject<Record<never, never>>,
>(plugin: PluginDefinition<P, S, F>): PluginDefinition<P, S, F> {
  return plugin;
}

/** A database with the tables that the type names, for a plugin's own `plugin_<id>_…` tables. */
export type PluginDatabase<T> = Kysely<T>;
