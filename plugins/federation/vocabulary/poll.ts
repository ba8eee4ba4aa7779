import { MAX_POLL_OPTIONS } from './limits.ts';
import { plainLine } from './plain-text.ts';
import { count, entries, firstNode } from './shapes.ts';
import { asNode, type NodeObject } from './terms.ts';
import { time } from './times.ts';

/** A poll as its own server counted it; here it is shown and not voted in. */
export type ForeignPoll = {
  /** Whether one voter may choose several of the options. */
  isMultiple: boolean;
  /** At most 20; `votes` is null where the server keeps them to itself. */
  options: { name: string; votes: number | null }[];
  /** People, not votes; null where it is not said. */
  votersCount: number | null;
  /** When it ends or ended by plan. */
  endsAt: Date | null;
  /** When it was closed; null while it is open and where only its end is known. */
  closedAt: Date | null;
};

/**
 * The poll in a Question, or null: `oneOf`, `anyOf` (Pleroma writes an empty list for the other), options that are
 * Notes with their votes in `replies.totalItems`. `closed` may be a time, or true, which says no more than `endTime`.
 *
 * Source: ActivityStreams 2.0 Vocabulary, section 3.3 (Question); Mastodon, documentation of ActivityPub ("Polls",
 * `votersCount`); Misskey (`_misskey_votes`); FEP-9967 (polls).
 */
export function pollOf(node: NodeObject): ForeignPoll | null {
  const oneOf = optionsOf(node.oneOf);
  const anyOf = optionsOf(node.anyOf);
  const options = oneOf.length > 0 ? oneOf : anyOf;
  if (options.length === 0) return null;
  return {
    isMultiple: oneOf.length === 0,
    options,
    votersCount: count(node.votersCount),
    endsAt: time(node.endTime),
    closedAt: time(node.closed),
  };
}

function optionsOf(value: unknown): ForeignPoll['options'] {
  const options: ForeignPoll['options'] = [];
  for (const entry of entries(value)) {
    if (options.length === MAX_POLL_OPTIONS) break;
    const option = asNode(entry);
    const name = plainLine(option ? option.name : entry);
    if (name === null) continue;
    options.push({
      name,
      votes: count(firstNode(option?.replies)?.totalItems) ?? count(option?._misskey_votes),
    });
  }
  return options;
}
