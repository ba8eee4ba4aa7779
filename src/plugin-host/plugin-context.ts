import type { Transaction } from 'kysely';
import type { SafeHtml } from '../content/safe-html.ts';
import type { ActionName, Actions, FilterContext, FilterName, FilterValue } from '../hooks/types.ts';
import type { Logger } from '../log.ts';
import type { Capabilities } from './capabilities.ts';

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
  /** Whether posts may be commented on at all; a single one can be closed besides. */
  commentsOpen: boolean;
  /** Outpost's version. */
  version: string;
  userCount: number;
  postCount: number;
  /** Public comments that were written here, not elsewhere. */
  commentCount: number;
};

/** What every plugin gets, whatever it asks for. */
export type BaseContext<S, F = Record<string, never>> = {
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
  /** What the writer has set in this plugin's `postFields` for a post, with the defaults filled in. */
  postFields(postId: string): Promise<F>;
  /** Addresses of the site's pages, absolute. */
  urls: {
    home(): string;
    post(post: { slug: string }): string;
    author(user: { username: string }): string;
    tag(slug: string): string;
    category(slug: string): string;
    comment(post: { slug: string }, commentId: string): string;
    /** The path of a picture from elsewhere as this site serves it, so that nobody's browser asks strangers: small, still, made anew. */
    picture(use: 'face' | 'emoji', url: string): string;
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
  actions: {
    /** Tells of one of the plugin's own actions, in a transaction where one is given; who listens hears of it from the queue. */
    add<N extends ActionName>(trx: object | null, name: N, payload: Actions[N]): Promise<void>;
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
  /** Grows with every change of a post, a profile, a picture or a setting, and whenever a plugin is switched: what was made of them under a smaller number is out of date. With a post's id also with its comments and likes. */
  pagesVersion(postId?: string): number;
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
export type PluginContext<
  P extends Permission = never,
  S = Record<string, never>,
  F = Record<string, never>,
> = BaseContext<S, F> & Pick<Capabilities, P>;
