import type { CommentPoll } from '../comments/comment.ts';
import type { TimePrinter } from './present-time.ts';
import type { PollView } from './view-models.ts';

/** A poll from elsewhere as it stood when its server last told; nobody votes here. */
export function presentPoll(poll: CommentPoll, print: TimePrinter, now: Date): PollView {
  const cast = poll.options.reduce((sum, { votes }) => sum + (votes ?? 0), 0);
  // Where several can be chosen, shares are of the people, and may come to more than a hundred.
  const total = poll.multiple && poll.voters !== null && poll.voters > 0 ? poll.voters : cast;
  const isCounted = poll.options.every(({ votes }) => votes !== null);
  const ends = poll.endsAt !== null && !Number.isNaN(Date.parse(poll.endsAt)) ? poll.endsAt : null;
  return {
    options: poll.options.map(({ name, votes }) => ({
      name,
      votes,
      percent: votes === null || total === 0 ? null : Math.min(100, Math.round((votes / total) * 100)),
    })),
    voters: poll.voters ?? (poll.multiple || !isCounted ? null : cast),
    ends: ends === null ? null : print.moment(ends),
    isOver: ends !== null && Date.parse(ends) <= now.getTime(),
    counted: print.moment(poll.countedAt),
  };
}
