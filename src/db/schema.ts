import type { Generated } from 'kysely';

/** 0 or 1: SQLite has no booleans, and PostgreSQL keeps the same. */
type Flag = number;
/** ISO 8601 in UTC with milliseconds; sorts as text. */
type Time = string;
/** JSON as text. */
type Json = string;

export type SettingRow = { key: string; value: Json };

export type UserRow = {
  id: string;
  username: string;
  username_key: string;
  name: string;
  email: string;
  email_key: string;
  password_hash: string;
  role: string;
  bio: string;
  avatar_id: string | null;
  header_id: string | null;
  links: Json;
  disabled: Flag;
  created_at: Time;
  updated_at: Time;
};

export type SessionRow = {
  /** SHA-256 of the cookie's token: a stolen database signs nobody in. */
  id: string;
  user_id: string;
  created_at: Time;
  expires_at: Time;
  last_seen_at: Time;
  user_agent: string;
};

export type PostRow = {
  id: string;
  type: string;
  status: string;
  slug: string;
  title: string;
  body_markdown: string;
  excerpt: string;
  author_id: string;
  image_id: string | null;
  language: string | null;
  comments_open: Flag;
  created_at: Time;
  updated_at: Time;
  published_at: Time | null;
  scheduled_at: Time | null;
  publication: number;
  status_before_trash: string | null;
  version: number;
};

/** An address that a post once had, so that old links go on working. */
export type OldSlugRow = { slug: string; post_id: string; created_at: Time };

/** What a writer typed last and has not saved, one row for each post and writer. */
export type AutosaveRow = {
  post_id: string;
  user_id: string;
  content: Json;
  base_version: number;
  saved_at: Time;
};

export type TermRow = { id: string; kind: string; name: string; slug: string };
export type PostTermRow = { post_id: string; term_id: string; position: number };

export type MediumRow = {
  id: string;
  file: string;
  mime_type: string;
  width: number | null;
  height: number | null;
  size: number;
  alt: string;
  variants: Json;
  placeholder: string | null;
  duration_seconds: number | null;
  user_id: string | null;
  created_at: Time;
};

export type CommentRow = {
  id: string;
  post_id: string;
  parent_id: string | null;
  status: string;
  source: string;
  author_name: string;
  author_url: string | null;
  author_handle: string | null;
  author_avatar_url: string | null;
  author_user_id: string | null;
  author_email: string | null;
  html: string;
  text: string;
  raw: string;
  external_id: string | null;
  external_url: string | null;
  external_author_id: string | null;
  language: string | null;
  note: string | null;
  status_before: string | null;
  created_at: Time;
  updated_at: Time;
  warning: string | null;
  /** `[{name, url}]`, null for none; the same for the author's name. */
  emojis: Json | null;
  author_emojis: Json | null;
  poll: Json | null;
  /** When the version that is shown was written, by where it comes from. */
  version: Time | null;
};

export type ReactionRow = {
  id: string;
  post_id: string;
  /** Empty for the post itself. */
  comment_id: string;
  kind: string;
  source: string;
  actor_id: string;
  name: string;
  handle: string | null;
  url: string | null;
  avatar_url: string | null;
  external_id: string | null;
  emoji: string | null;
  created_at: Time;
  emoji_url: string | null;
};

export type JobRow = {
  id: string;
  /** Order of arrival, for jobs that must run one after the other. */
  seq: Generated<number>;
  /** `event`, `action`, or `plugin:ID:NAME`. */
  kind: string;
  payload: Json;
  /** Jobs of one kind and subject run one after the other. */
  subject: string | null;
  /** At most one waiting or running job has it. */
  unique_key: string | null;
  /** `queued`, `running`, or `dead` (given up, for a person to look at). */
  state: string;
  run_at: Time;
  attempts: number;
  max_attempts: number;
  /** The node that runs it. */
  claimed_by: string | null;
  /** Set when the same unique job was asked for again while it ran. */
  run_again: Flag;
  last_error: string | null;
  created_at: Time;
};

/** A process that works on the queue. A job whose node is gone is given to another. */
export type NodeRow = { id: string; host: string; pid: number; started: string; heartbeat_at: Time };

/** Grows when what it names has changed; pages that were made before are made anew. */
export type CounterRow = { name: string; value: number; changed_at: Time };

export type PluginRow = {
  id: string;
  enabled: Flag;
  /** Why it was switched off by itself, or could not be started. */
  error: string | null;
  changed_at: Time;
};

/** The state of a comment before its author was blocked. */
export type CommentAsideRow = { comment_id: string; source: string; author_id: string; status: string };

/** A reaction of somebody who is blocked, as it was. */
export type ReactionAsideRow = {
  id: string;
  post_id: string;
  source: string;
  actor_id: string;
  content: Json;
};

/** What a plugin keeps beside a post. */
export type PostFieldRow = { post_id: string; plugin_id: string; content: Json };

/** Every table of the core. A plugin's own tables are named `plugin_<id>_*` and typed by the plugin. */
export type Schema = {
  settings: SettingRow;
  users: UserRow;
  sessions: SessionRow;
  posts: PostRow;
  old_slugs: OldSlugRow;
  autosaves: AutosaveRow;
  post_fields: PostFieldRow;
  terms: TermRow;
  post_terms: PostTermRow;
  media: MediumRow;
  comments: CommentRow;
  comments_aside: CommentAsideRow;
  reactions: ReactionRow;
  reactions_aside: ReactionAsideRow;
  jobs: JobRow;
  nodes: NodeRow;
  counters: CounterRow;
  plugins: PluginRow;
};
