import type { BlockLevel } from '../moderation/block.ts';
import type { ForeignActivity } from '../vocabulary/activity.ts';

/** How an activity is to be taken, and how much may be fetched for it. */
export type Circumstances = {
  /** What the owner has decided about the actor's server. */
  level: BlockLevel | null;
  /** Requests to other servers that may still be made. */
  budget: { left: number };
  /**
   * Handles an activity that a third party passed on and that was fetched from its own server, so that it is as good
   * as signed. What is wrapped once more is not looked at.
   */
  handleFetched(activity: ForeignActivity): Promise<Result>;
  /** Has it handled once more a little later, for what came before what it answers. Absent the second time. */
  comeAgain?(): Promise<void>;
};

/** What was done, in a few words for the log. */
export type Result = string;
