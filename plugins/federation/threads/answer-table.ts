/** ISO 8601 in UTC with milliseconds; sorts as text. */
type Time = string;
/** JSON as text. */
type Json = string;

/**
 * What is known of an answer from elsewhere beside its comment, and for longer: what it answers holds a thread together
 * when answers come before what they answer, or when that is gone. Nothing that it says is here.
 */
export type AnswerRow = {
  /** The object's id. */
  id: string;
  /** Null where only others have spoken of it. */
  actor_id: string | null;
  in_reply_to: string | null;
  /**
   * `here`: it is a comment. `gone`: its author deleted it. `private`: its author made it so. `removed`: it was deleted on
   * this site, for good. `waiting`: nobody knows yet whether it belongs here.
   */
  state: 'here' | 'gone' | 'private' | 'removed' | 'waiting';
  comment_id: string | null;
  post_id: string | null;
  /** The object that must be known before the place of this one is. */
  awaits: string | null;
  /** When the text that is shown was written, by its author's server: older ones are late. */
  version: Time | null;
  replies_url: string | null;
  context_url: string | null;
  /** When its server is next asked for answers to it, and how often that was done since the last one came. */
  look_at: Time | null;
  looks: number;
  /** The activity that brought it, where it carries a signature of its own and is addressed to followers here. */
  signed: Json | null;
  forwarded_at: Time | null;
  created_at: Time;
};
