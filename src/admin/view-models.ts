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

export type PagerView = { previous: string | null; next: string | null; text: string };

export type SetupView = { siteName: string; action: string; fields: FieldView[]; summary: string[] };

export type LoginView = {
  siteTitle: string;
  siteUrl: string;
  action: string;
  next: string;
  message: string | null;
  fields: FieldView[];
};

/** One of the few things worth doing next; `done` ones are struck off. */
export type TodoView = { title: string; text: string; href: string; done: boolean };

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

/** What another window or person changed meanwhile, shown beside one's own text. */
export type ConflictView = { when: TimeView; title: string; bodyMarkdown: string; version: number };

export type EditorView = {
  id: string | null;
  type: PostType;
  collection: string;
  noun: string;
  version: number;
  status: PostStatus;
  statusText: string;
  savedText: string;
  title: string;
  bodyMarkdown: string;
  slug: string;
  addressBase: string;
  url: string | null;
  tags: string;
  categories: string;
  tagSuggestions: string[];
  categorySuggestions: string[];
  excerpt: string;
  image: { id: string; url: string; alt: string } | null;
  languages: OptionView[];
  commentsOpen: boolean;
  scheduledAt: string;
  /** The owner's time zone, named beside every time that is typed. */
  timeZone: string;
  errors: { field: string; text: string }[];
  conflict: ConflictView | null;
  /** What was typed and never saved, kept on the server. */
  autosave: { when: TimeView; title: string; bodyMarkdown: string } | null;
  may: {
    publish: boolean;
    unpublish: boolean;
    trash: boolean;
    restore: boolean;
    delete: boolean;
    upload: boolean;
  };
  panels: { title: string; html: SafeHtml }[];
  urls: {
    save: string;
    autosave: string | null;
    preview: string;
    upload: string;
    library: string;
    back: string;
    trash: string | null;
    restore: string | null;
    delete: string | null;
    unpublish: string | null;
  };
};

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

export type MediaView = {
  items: MediumCardView[];
  pager: PagerView;
  uploadAction: string;
  maxBytesText: string;
  mayUpload: boolean;
};

export type CommentCardView = {
  id: string;
  status: CommentStatus;
  statusText: string;
  html: SafeHtml;
  when: TimeView;
  edited: boolean;
  url: string | null;
  originalUrl: string | null;
  author: {
    name: string;
    url: string | null;
    handle: string | null;
    host: string | null;
    avatarUrl: string | null;
    initial: string;
    isUser: boolean;
  };
  source: string;
  email: string | null;
  note: string | null;
  known: { approved: number; pending: number; spam: number; since: TimeView | null };
  post: { title: string; url: string | null; href: string; opening: string };
  parent: { author: string; text: string; url: string | null } | null;
  /** What can be done from here, in the order of the buttons. */
  actions: { key: string; value: string; label: string; strong: boolean }[];
};

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

export type UsersView = { rows: UserRowView[]; fields: FieldView[]; summary: string[] };

export type UserView = {
  user: UserRowView;
  fields: FieldView[];
  summary: string[];
  others: OptionView[];
  posts: number;
};

export type SettingsView = {
  groups: { title: string; text: string | null; fields: FieldView[] }[];
  summary: string[];
  sections: { label: string; href: string }[];
};

export type PluginRowView = {
  id: string;
  name: string;
  version: string;
  description: string;
  source: string;
  enabled: boolean;
  statusText: string;
  error: string | null;
  href: string;
};

export type PluginsView = { rows: PluginRowView[] };

export type PluginView = {
  plugin: PluginRowView;
  permissions: { name: string; text: string }[];
  declares: { label: string; items: string[] }[];
  fields: FieldView[];
  summary: string[];
  pages: { label: string; href: string }[];
};

/** The frame around a page that a plugin made. */
export type PluginPageView = { title: string; body: SafeHtml };

export type ErrorView = { heading: string; text: string; status: number; back: string };
