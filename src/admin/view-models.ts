import type { CommentStatus } from '../comments/comment.ts';
import type { SafeHtml } from '../content/safe-html.ts';
import type { PostStatus, PostType } from '../posts/post.ts';

/*
 * What the admin's views are given: plain values and nothing else, so that a view cannot reach what it should not show.
 * Views are strict: whatever may be absent is null, never undefined.
 */

/** A moment, ready to print: `iso` for the machine, `text` in full, `short` for lists. */
export type TimeView = { iso: string; text: string; short: string };

/** One entry of the menu. `icon` is a name that `partials/icon` draws. */
export type MenuEntryView = {
  key: string;
  label: string;
  href: string;
  icon: string;
  count: number | null;
  current: boolean;
};

/** A form of one button that takes back what has just been done. */
export type UndoView = { action: string; fields: { name: string; value: string }[] };

/** What has just happened, said once at the top of the next page. */
export type NoticeView = { kind: 'done' | 'error'; text: string; undo: UndoView | null };

/** What every page of the admin has around it. */
export type ShellView = {
  heading: string;
  section: string;
  siteTitle: string;
  siteUrl: string;
  menu: MenuEntryView[];
  me: { name: string; username: string; avatarUrl: string | null; initial: string };
  csrf: string;
  notice: NoticeView | null;
};

/** One of the values of a choice. */
export type OptionView = { value: string; label: string; selected: boolean };

/** A field of a form with its label, its help and what is wrong with it. */
export type FieldView = {
  name: string;
  id: string;
  label: string;
  help: string | null;
  error: string | null;
  control:
    | 'text'
    | 'email'
    | 'url'
    | 'password'
    | 'number'
    | 'search'
    | 'textarea'
    | 'checkbox'
    | 'select'
    | 'color'
    | 'datetime-local';
  value: string;
  checked: boolean;
  options: OptionView[];
  required: boolean;
  autocomplete: string | null;
  min: string | null;
  max: string | null;
  step: string | null;
  maxLength: number | null;
  /** Values that the browser offers while one types. */
  suggestions: string[];
};

/** A tab above a list. */
export type TabView = { key: string; label: string; href: string; count: number; current: boolean };

/** Where a list goes on; null where it does not. */
export type PagerView = { previous: string | null; next: string | null; text: string };

/** The first page of a new blog. */
export type SetupView = { action: string; fields: FieldView[]; summary: string[] };

/** The sign-in page; `next` is where one wanted to go. */
export type LoginView = {
  siteTitle: string;
  siteUrl: string;
  action: string;
  next: string;
  /** A form that waits for the sign-in; empty for none. */
  kept: string;
  message: string | null;
  fields: FieldView[];
};

/** One of the few things worth doing next; `done` ones are struck off. */
export type TodoView = { title: string; text: string; href: string; done: boolean };

/** The first page of the admin. */
export type HomeView = {
  /** Where the blog and its author are found; plugins add their own. */
  addresses: { label: string; value: string; href: string | null; help: string | null }[];
  addressesNote: string | null;
  todos: TodoView[];
  todosDone: boolean;
  waiting: { text: string; href: string; count: number }[];
  drafts: { title: string; href: string; saved: TimeView }[];
  published: { title: string; href: string; url: string; when: TimeView; comments: number }[];
  widgets: SafeHtml[];
};

/** A post as a line of the list. */
export type PostRowView = {
  id: string;
  title: string;
  href: string;
  url: string | null;
  status: PostStatus;
  statusText: string;
  author: string;
  when: TimeView;
  /** `Changed`, `Published`, `Goes out`: what `when` means. */
  whenText: string;
  tags: string[];
  comments: number;
  editable: boolean;
};

/** The list of posts or pages. */
export type PostsView = {
  type: PostType;
  /** `posts` or `pages`, as in addresses. */
  collection: string;
  noun: string;
  tabs: TabView[];
  status: string;
  query: string;
  rows: PostRowView[];
  bulk: { value: string; label: string; confirm: string | null }[];
  pager: PagerView;
  empty: { title: string; text: string; action: { label: string; href: string } | null } | null;
};

/** A file as a card of the library. `markdown` shows or links it in a post. */
export type MediumCardView = {
  id: string;
  url: string;
  thumbUrl: string | null;
  name: string;
  alt: string;
  details: string;
  when: TimeView;
  markdown: string;
  editable: boolean;
};

/** The media library. */
export type MediaView = {
  items: MediumCardView[];
  pager: PagerView;
  uploadAction: string;
  maxBytesText: string;
  mayUpload: boolean;
};

/** A comment with all that is needed for deciding about it. */
export type CommentCardView = {
  id: string;
  status: CommentStatus;
  statusText: string;
  /** What its author warns of; the text stays folded behind it. */
  warning: SafeHtml | null;
  html: SafeHtml;
  language: string | null;
  /** What a poll asks, one line for each answer. */
  poll: string[];
  when: TimeView;
  edited: boolean;
  url: string | null;
  originalUrl: string | null;
  /** The host that `originalUrl` leads to. */
  originalHost: string | null;
  author: {
    name: string;
    nameHtml: SafeHtml;
    url: string | null;
    handle: string | null;
    host: string | null;
    avatarUrl: string | null;
    initial: string;
  };
  source: string;
  email: string | null;
  note: string | null;
  known: { text: string | null; pending: number; spam: number; since: TimeView | null };
  post: { title: string; url: string | null; href: string; opening: string };
  parent: { author: string; text: string; url: string | null } | null;
  /** What can be done from here, in the order of the buttons. */
  /** What one has written oneself, as it was typed, for changing it; null for anybody else's. */
  own: string | null;
  actions: { key: string; value: string; label: string; strong: boolean }[];
};

/** The moderation queue of one state. */
export type CommentsView = {
  tabs: TabView[];
  status: CommentStatus;
  query: string;
  post: { id: string; title: string; clearHref: string } | null;
  cards: CommentCardView[];
  bulk: { value: string; label: string; confirm: string | null }[];
  pager: PagerView;
  returnTo: string;
  empty: { title: string; text: string } | null;
};

/** What the queue has given up. */
export type TasksView = {
  rows: { id: string; name: string; subject: string; error: string; attempts: number; created: TimeView }[];
  total: number;
};

/** One's own account. */
export type ProfileView = {
  fields: FieldView[];
  links: { label: string; url: string; labelError: string | null; urlError: string | null }[];
  avatar: { id: string; url: string; alt: string } | null;
  header: { id: string; url: string; alt: string } | null;
  summary: string[];
  passwordFields: FieldView[];
  passwordSummary: string[];
  sessions: { id: string; device: string; when: TimeView; since: TimeView; current: boolean }[];
  pageUrl: string | null;
  mayUpload: boolean;
};

/** An account as a line of the list. */
export type UserRowView = {
  id: string;
  name: string;
  username: string;
  email: string;
  role: string;
  disabled: boolean;
  posts: number;
  href: string;
  avatarUrl: string | null;
  initial: string;
  isMe: boolean;
};

/** All accounts, and the form for a new one. */
export type UsersView = { rows: UserRowView[]; fields: FieldView[]; summary: string[] };

/** Somebody's account, as the owner may change it. `others` can take over the posts. */
export type UserView = {
  user: UserRowView;
  fields: FieldView[];
  summary: string[];
  others: OptionView[];
  posts: number;
  /** What else it means to delete the account, from plugins. */
  consequences: SafeHtml[];
};

/** The settings of the blog in groups. */
export type SettingsView = {
  groups: { title: string; text: string | null; fields: FieldView[] }[];
  summary: string[];
  sections: { label: string; href: string }[];
};

/** What went wrong, in words, and the way back. */
export type ErrorView = { heading: string; text: string; status: number; back: string };
