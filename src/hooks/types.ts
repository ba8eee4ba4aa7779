import type { SafeHtml } from '../content/safe-html.ts';

/**
 * What has happened, in the past tense, with ids only: whoever needs more reads it as it is now.
 * An action is written in the transaction of the change it speaks of and run from the queue for each
 * subscriber, at least once and in order for each subject; what it throws is tried again.
 * A plugin adds its own by declaration merging: `declare module 'outpost/plugin' { interface Actions { … } }`.
 */
export interface Actions {
  /** A post became public. */
  'post.published': { postId: string };
  /** A public post was changed; `quiet` asks that nobody be told. */
  'post.updated': { postId: string; quiet: boolean };
  /** A public post was taken back: it is a draft, private or in the trash. */
  'post.unpublished': { postId: string };
  /** A post was removed for good. */
  'post.deleted': { postId: string };
  /** A comment arrived, whatever became of it. */
  'comment.received': { commentId: string };
  /** A comment became public. */
  'comment.approved': { commentId: string };
  /** The text of a public comment written by a user of this site was changed. */
  'comment.updated': { commentId: string };
  /** A public comment is public no more. */
  'comment.hidden': { commentId: string };
  /** A comment was removed for good. */
  'comment.deleted': { commentId: string };
  /** Somebody got an account. */
  'user.created': { userId: string };
  /** A profile was changed. */
  'user.updated': { userId: string };
  /** An account was removed. */
  'user.deleted': { userId: string };
  /** The site's settings were changed. */
  'settings.changed': { keys: string[] };
}

export type ActionName = keyof Actions & string;

/** An element of a page's head. */
export type HeadTag = { tag: 'link' | 'meta'; attributes: Readonly<Record<string, string>> };

/** What a public page shows, for filters that add to it. */
export type PageSubject =
  | { kind: 'home' }
  | { kind: 'post'; postId: string }
  | { kind: 'author'; userId: string }
  | { kind: 'tag' | 'category'; slug: string }
  | { kind: 'other' };

/** Places of a page into which plugins may put something of their own. */
export type SlotName =
  | 'post.end' // below a post's text, above the comments
  | 'author.header' // on an author's page, below the name
  | 'comments.before_form' // above the form for comments
  | 'admin.home' // on the admin's first page
  | 'admin.post' // beside a post in the editor
  | 'admin.text' // below a post's text in the editor
  | 'admin.user'; // where an account is about to be deleted: what that means elsewhere

/** A way to reach somebody that is more than their page, such as an address to follow. */
export type AuthorAddress = { label: string; value: string; url: string };

/** Somebody whom a writer may want to mention. `handle` is what is put into the text: `@name@host`. */
export type SuggestedPerson = { handle: string; name: string; avatarUrl: string | null };

/**
 * Values that plugins may change while they are being made. A listener gets the value and its
 * context and returns the value; forgetting to is an error that names the plugin.
 * On an error or a missed deadline the value stays as it was before that listener.
 */
export interface Filters {
  /** The finished text of a post, before it is put into a page (`page`), or a feed or another server's hands (`elsewhere`). */
  'post.html': { value: SafeHtml; context: { postId: string; place: 'page' | 'elsewhere' } };
  /** Additional elements of a public page's head. */
  'page.head': { value: readonly HeadTag[]; context: { subject: PageSubject; path: string } };
  /** Additional header fields of a public page's answer. */
  'page.headers': {
    value: Readonly<Record<string, string>>;
    context: { subject: PageSubject; path: string };
  };
  /** What plugins add at a place of a page. */
  'page.slot': { value: readonly SafeHtml[]; context: { slot: SlotName; subject: PageSubject } };
  /** Addresses under which an author can be reached, shown with the name. */
  'author.addresses': { value: readonly AuthorAddress[]; context: { userId: string } };
  /** People whom a writer may mean who has typed `@` and the letters of the query. The first eight are shown. */
  'people.suggested': { value: readonly SuggestedPerson[]; context: { query: string; userId: string } };
  /** What becomes of a comment that has just arrived. */
  'comment.decision': {
    value: { status: 'pending' | 'approved' | 'spam'; note: string | null };
    context: { postId: string; source: string; authorId: string | null; text: string };
  };
  /** An entry of a feed. */
  'feed.item': { value: { title: string; html: string; categories: string[] }; context: { postId: string } };
}

export type FilterName = keyof Filters & string;
export type FilterValue<N extends FilterName> = Filters[N]['value'];
export type FilterContext<N extends FilterName> = Filters[N]['context'];

type HookDoc = { kind: 'action' | 'filter'; about: string };

/**
 * Every hook of the core with its sentence; the documentation is compared with it. Plugins that merge hooks of their
 * own into the types declare them for themselves.
 */
export const hookCatalogue: Readonly<Partial<Record<ActionName | FilterName, HookDoc>>> = {
  'post.published': { kind: 'action', about: 'A post became public.' },
  'post.updated': { kind: 'action', about: 'A public post was changed; `quiet` asks that nobody be told.' },
  'post.unpublished': {
    kind: 'action',
    about: 'A public post was taken back: it is a draft, private or in the trash.',
  },
  'post.deleted': { kind: 'action', about: 'A post was removed for good.' },
  'comment.received': { kind: 'action', about: 'A comment arrived, whatever became of it.' },
  'comment.approved': { kind: 'action', about: 'A comment became public.' },
  'comment.updated': {
    kind: 'action',
    about: 'The text of a public comment written by a user of this site was changed.',
  },
  'comment.hidden': { kind: 'action', about: 'A public comment is public no more.' },
  'comment.deleted': { kind: 'action', about: 'A comment was removed for good.' },
  'user.created': { kind: 'action', about: 'Somebody got an account.' },
  'user.updated': { kind: 'action', about: 'A profile was changed.' },
  'user.deleted': { kind: 'action', about: 'An account was removed.' },
  'settings.changed': { kind: 'action', about: "The site's settings were changed." },
  'post.html': {
    kind: 'filter',
    about:
      "The finished text of a post, before it is put into a page (`page`), or a feed or another server's hands (`elsewhere`).",
  },
  'page.head': { kind: 'filter', about: "Additional elements of a public page's head." },
  'page.headers': { kind: 'filter', about: "Additional header fields of a public page's answer." },
  'page.slot': { kind: 'filter', about: 'What plugins add at a place of a page.' },
  'author.addresses': {
    kind: 'filter',
    about: 'Addresses under which an author can be reached, shown with the name.',
  },
  'people.suggested': {
    kind: 'filter',
    about:
      'People whom a writer may mean who has typed `@` and the letters of the query. The first eight are shown.',
  },
  'comment.decision': { kind: 'filter', about: 'What becomes of a comment that has just arrived.' },
  'feed.item': { kind: 'filter', about: 'An entry of a feed.' },
};
