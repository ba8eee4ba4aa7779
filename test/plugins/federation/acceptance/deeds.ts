import type { Json } from '../../../support/remote-peer.ts';

/** What somebody with an account elsewhere does to an author or a post of this site. */
export type Deed =
  | 'follow'
  | 'reply'
  | 'edit'
  | 'remove'
  | 'like'
  | 'unlike'
  | 'boost'
  | 'unboost'
  | 'mention'
  | 'unfollow'
  | 'block'
  | 'move';

/** How a software writes it. */
export type Wording = {
  /** A change to what Mastodon would write. */
  as?: (usual: Json) => Json;
  /** A document of that software whose shape it has, by its path in the fixtures. */
  like?: string;
};

/** A row of the acceptance table. */
export type Software = {
  name: string;
  /** Its actor: the shape of a document, members of its own, where its id is. */
  actor?: { like?: string; members?: Json; type?: string; path?: string; keyId?: string };
  /** What people there can do, and how it is written. A deed that is not here is one that the software has not. */
  deeds: Partial<Record<Deed, Wording>>;
};
