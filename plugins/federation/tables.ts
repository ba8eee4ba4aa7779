import type { Generated } from 'outpost/plugin';
import type { CommunityRow, FollowingRow } from './following/following-tables.ts';
import type { AuthorizationRow, QuoteRow, UnknownHandleRow } from './quotes/quote-tables.ts';
import type { AnswerRow } from './threads/answer-table.ts';

/** ISO 8601 in UTC with milliseconds; sorts as text. */
type Time = string;
/** JSON as text. */
type Json = string;

/**
 * The key pair of an author, or of the site itself under `site`. The row outlives the account: who had a key and is no
 * user any more is gone, not unknown.
 */
export type KeyRow = {
  user_id: string;
  /** The RSA key, which signs requests. */
  public_pem: string;
  private_sealed: string;
  /** The Ed25519 key, which signs what is sent; null for rows older than it. */
  proof_multibase: string | null;
  proof_sealed: string | null;
  /** The RSA key that was before, until every server was told of this one, and the activity that tells. */
  previous_sealed: string | null;
  previous_for: string | null;
  created_at: Time;
};

/** How often something changed of which every node keeps a copy in memory. */
export type VersionRow = { name: 'blocks'; version: number };

/** An actor elsewhere, as last fetched. */
export type ActorRow = {
  id: string;
  type: string;
  /** `@name@host`; null where the host's WebFinger says that the name is somebody else's. */
  handle: string | null;
  /** The handle in lower case, for finding it. */
  handle_key: string | null;
  /** When WebFinger was last asked about the handle. */
  handle_checked_at: Time | null;
  preferred_username: string;
  /** One line of plain text, never empty. */
  name: string;
  /** Pictures in the name: `[{name, url}]`. */
  emojis: Json | null;
  /** The profile page. */
  url: string | null;
  avatar_url: string | null;
  inbox: string;
  shared_inbox: string | null;
  followers_url: string | null;
  /** Host with port, lower case. */
  host: string;
  /** `[{id, pem}]` */
  keys: Json;
  fetched_at: Time;
  /** When the keys were last fetched because a signature did not fit. */
  key_fetched_at: Time | null;
  gone_at: Time | null;
  /** Sanitised. */
  summary_html: string | null;
  last_seen_at: Time;
};

export type FollowerRow = {
  user_id: string;
  actor_id: string;
  /** The Follow's own id, where it had one. */
  follow_id: string | null;
  /** `suspended` when the inbox said that it is gone; nothing is sent there. */
  state: 'accepted' | 'pending' | 'suspended';
  /** Where posts go: the shared inbox, or the actor's own. A copy, so that an audience is one INSERT … SELECT DISTINCT. */
  inbox: string;
  host: string;
  since: Time;
  suspended_at?: Time | null;
  /** `gone`: the inbox said so. `silent`: the server has not answered for long. */
  suspended_why?: 'gone' | 'silent' | null;
};

/** An object of ours that was announced to somebody, or is gone. A live one is answered from the post or comment itself. */
export type ObjectRow = {
  id: string;
  kind: 'post' | 'comment';
  local_id: string;
  publication: number;
  user_id: string;
  state: 'live' | 'gone';
  created_at: Time;
  gone_at: Time | null;
};

/** An activity of ours; `body` is the JSON that is sent. */
export type ActivityRow = {
  id: string;
  type: string;
  object_id: string;
  user_id: string;
  post_id: string | null;
  body: Json;
  created_at: Time;
};

export type DeliveryRow = {
  seq: Generated<number>;
  id: string;
  activity_id: string;
  inbox: string;
  host: string;
  user_id: string;
  post_id: string | null;
  state: 'queued' | 'delivered' | 'failed' | 'abandoned';
  attempts: number;
  next_attempt_at: Time;
  last_status: number | null;
  last_error: string | null;
  created_at: Time;
  delivered_at: Time | null;
  /** The activity's; those of one object come to one inbox in their order. */
  object_id: string | null;
  type: string | null;
  /** Why it was not taken, or is not sent; the words that people read are made from it. */
  reason: DeliveryReason | null;
  /** 1 where it may have arrived although nobody said so: it was on its way when something broke. */
  maybe_there: number;
};

/**
 * Why a delivery was not taken: how the attempt failed, or why there was none. `outdated`: what it says is not true any
 * more, or a later one says it.
 */
export type DeliveryReason =
  | 'status'
  | 'dns'
  | 'connect'
  | 'tls'
  | 'timeout'
  | 'reset'
  | 'response'
  | 'refused'
  | 'outdated'
  | 'blocked'
  | 'unfollowed'
  | 'expired';

/** What is known of another server. */
export type HostRow = {
  host: string;
  software: string | null;
  /** The kind of signature that it took last, where one of the two failed. */
  scheme: 'cavage' | 'rfc9421' | null;
  last_success_at: Time | null;
  last_error_at: Time | null;
  last_error: string | null;
  failing_since: Time | null;
  /** Nothing is sent before. */
  not_before: Time | null;
  /** Attempts that failed since the last one that was taken. */
  failures: number;
  /** Since when its mail is held, with one attempt now and then. */
  held_since: Time | null;
  /** When it was last heard from while it did not answer. */
  heard_at: Time | null;
  /** Since when it had been failing before it was heard from. */
  back_from: Time | null;
  /** Set while somebody here wants nothing sent there. */
  hold: 'owner' | null;
  /** Deliveries a second that it was found to bear; null for as many as the settings say. */
  pace: number | null;
  /** When it was last asked what it runs. */
  software_at: Time | null;
};

/** What happened with another server, for its page; the latest hundred. */
export type HostLogRow = {
  id: string;
  host: string;
  at: Time;
  what:
    | 'failed'
    | 'held'
    | 'limited'
    | 'back'
    | 'heard'
    | 'suspended'
    | 'resumed'
    | 'stopped'
    | 'released'
    | 'retried';
  detail: string | null;
};

/** An activity that was received, kept for a while to know it again. */
export type InboxRow = {
  id: string;
  digest: string;
  actor_id: string;
  type: string;
  /** What it was about, where that is one thing. */
  object_id: string | null;
  received_at: Time;
};

/** Something of an actor elsewhere that was deleted before it arrived. */
export type GoneRow = { id: string; actor_id: string; at: Time };

/** What was said to an author and is no public comment: private replies, and mentions elsewhere. */
export type MentionRow = {
  id: string;
  user_id: string;
  object_id: string;
  actor_id: string;
  visibility: string;
  /** Sanitised. */
  html: string;
  text: string;
  url: string | null;
  in_reply_to: string | null;
  post_id: string | null;
  created_at: Time;
  read_at: Time | null;
};

export type BlockRow = {
  id: string;
  kind: 'host' | 'actor';
  value: string;
  level: 'block' | 'silence';
  reason: string;
  created_at: Time;
};

/** What a post's object is, for as long as its id lives. */
export type PostTypeRow = { object_id: string; type: 'Article' | 'Note' };

/** A post that one of its further authors boosted, and the boost. */
export type BoostRow = { object_id: string; user_id: string; activity_id: string; created_at: Time };

/** A page elsewhere that a post links to, and what is shown of it. */
export type CardRow = {
  id: string;
  url: string;
  /** `waiting`: its server has not answered yet; `none`: it stays a link. */
  state: 'waiting' | 'card' | 'none';
  card: Json | null;
  /** WebP as base64. */
  picture: string | null;
  attempts: number;
  /** When to ask again; null for never. */
  next_at: Time | null;
  checked_at: Time | null;
};

/** Until when somebody was told by mail about one kind of thing. */
export type NoticeRow = { user_id: string; kind: string; until: Time };

/** An account elsewhere that an author says is theirs too. */
export type AliasRow = { user_id: string; actor_id: string; since: Time };

/** A post that stands at the top of its author's profile on other servers. */
export type FeaturedRow = { post_id: string; user_id: string; since: Time };

/** Every table of this plugin. */
export type FederationTables = {
  plugin_federation_keys: KeyRow;
  plugin_federation_versions: VersionRow;
  plugin_federation_actors: ActorRow;
  plugin_federation_aliases: AliasRow;
  plugin_federation_featured: FeaturedRow;
  plugin_federation_followers: FollowerRow;
  plugin_federation_objects: ObjectRow;
  plugin_federation_activities: ActivityRow;
  plugin_federation_deliveries: DeliveryRow;
  plugin_federation_hosts: HostRow;
  plugin_federation_host_log: HostLogRow;
  plugin_federation_inbox: InboxRow;
  plugin_federation_answers: AnswerRow;
  plugin_federation_gone: GoneRow;
  plugin_federation_mentions: MentionRow;
  plugin_federation_blocks: BlockRow;
  plugin_federation_notices: NoticeRow;
  plugin_federation_authorizations: AuthorizationRow;
  plugin_federation_quotes: QuoteRow;
  plugin_federation_unknown_handles: UnknownHandleRow;
  plugin_federation_post_types: PostTypeRow;
  plugin_federation_boosts: BoostRow;
  plugin_federation_cards: CardRow;
  plugin_federation_following: FollowingRow;
  plugin_federation_communities: CommunityRow;
};
