import type { Generated } from 'outpost/plugin';

/** ISO 8601 in UTC with milliseconds; sorts as text. */
type Time = string;
/** JSON as text. */
type Json = string;

/**
 * The key pair of an author, or of the site itself under `site`. The row outlives the account: who had a key and is no
 * user any more is gone, not unknown.
 */
export type KeyRow = { user_id: string; public_pem: string; private_sealed: string; created_at: Time };

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
};

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

/** Whom somebody here follows elsewhere; what the other side has answered. */
export type FollowingRow = {
  user_id: string;
  actor_id: string;
  /** The id of the Follow that was sent last. */
  follow_id: string;
  state: 'requested' | 'accepted' | 'rejected';
  since: Time;
};

/** A community to which a post is addressed, as its writer named it. */
export type CommunityRow = {
  post_id: string;
  name: string;
  /** The Group, once it was found. */
  actor_id: string | null;
  /**
   * `missing`: not found yet, and looked for again; `refused`: what was found is no community, or it was given up;
   * `found`: not told of the post yet; `told`: the post was sent there; `listed`: the community has passed it on;
   * `removed`: its moderators took it out.
   */
  state: 'missing' | 'refused' | 'found' | 'told' | 'listed' | 'removed';
  /** Why not; the moderators' reason. Plain text. */
  reason: string;
  attempts: number;
  /** The object of which the community was told: a post that is published anew has another. */
  object_id: string | null;
  changed_at: Time;
};

/** Until when somebody was told by mail about one kind of thing. */
export type NoticeRow = { user_id: string; kind: string; until: Time };

/** Every table of this plugin. */
export type FederationTables = {
  plugin_federation_keys: KeyRow;
  plugin_federation_actors: ActorRow;
  plugin_federation_followers: FollowerRow;
  plugin_federation_objects: ObjectRow;
  plugin_federation_activities: ActivityRow;
  plugin_federation_deliveries: DeliveryRow;
  plugin_federation_hosts: HostRow;
  plugin_federation_inbox: InboxRow;
  plugin_federation_gone: GoneRow;
  plugin_federation_mentions: MentionRow;
  plugin_federation_blocks: BlockRow;
  plugin_federation_notices: NoticeRow;
  plugin_federation_following: FollowingRow;
  plugin_federation_communities: CommunityRow;
};
