import type { CommunityKind } from '../communities/community.ts';

/** ISO 8601 in UTC with milliseconds; sorts as text. */
type Time = string;

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
  /** How it wants to be addressed. */
  kind: CommunityKind;
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
