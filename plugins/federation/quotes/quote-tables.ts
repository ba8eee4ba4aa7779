/** ISO 8601 in UTC with milliseconds; sorts as text. */
type Time = string;
/** JSON as text. */
type Json = string;

/**
 * Somebody's wish to quote, answer, like or boost something here, and what was said to it. While it is accepted the
 * authorization can be read under its id.
 */
export type AuthorizationRow = {
  /** A fresh id; the address is made from it. */
  id: string;
  kind: 'quote' | 'reply' | 'like' | 'boost';
  /** The object of ours that it is about. */
  target_id: string;
  post_id: string;
  user_id: string;
  actor_id: string;
  /** The quote, reply, like or boost. */
  object_id: string;
  /** The request as it is named in the answer: JSON. */
  request: Json;
  /** `waiting` for the author; `revoked` after it was accepted. */
  state: 'waiting' | 'accepted' | 'refused' | 'revoked';
  created_at: Time;
  decided_at: Time | null;
};

/** A text elsewhere that quotes a post of ours. */
export type QuoteRow = {
  object_id: string;
  post_id: string;
  user_id: string;
  actor_id: string;
  url: string;
  /** Sanitised. Empty where the text is not known. */
  html: string;
  text: string;
  warning: string | null;
  language: string | null;
  visibility: string;
  /** `counted` ones are shown; `waiting` for the author; `refused` ones the author has taken back or turned down. */
  state: 'counted' | 'waiting' | 'refused';
  created_at: Time;
};

/** A handle in a text under which nobody was found, in lower case. */
export type UnknownHandleRow = { handle: string; reason: string; at: Time };
