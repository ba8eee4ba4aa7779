import type { LocalObject } from '../objects/find-object.ts';
import type { Climbed } from '../threads/find-place.ts';
import type { ForeignActivity } from '../vocabulary/activity.ts';
import type { ForeignObject } from '../vocabulary/object.ts';

/** Something that was written elsewhere, on its way in. */
export type Received = {
  object: ForeignObject;
  /** Whose it is, by their own signature or their own server. */
  authorId: string;
  /** The activity that its author sent; absent where their server was asked. */
  activity?: ForeignActivity;
  /** What it stands below, where what it answers itself is not shown. */
  below?: LocalObject;
  /** What is known already of the way up to what it answers. */
  climbed?: Climbed;
};
