import { z } from 'zod';
import { cleanLine } from '../content/clean-text.ts';
import { webAddress } from '../content/web-address.ts';
import type { CommentPoll, CustomEmoji } from './comment.ts';

const mostEmojis = 64;
const mostOptions = 50;
const longestOption = 500;
const longestWarning = 1000;
const mostVotes = 1_000_000_000;

const emojis = z.array(z.object({ name: z.string(), url: z.string() }));
const poll = z.object({
  options: z.array(z.object({ name: z.string(), votes: z.number().nullable() })),
  multiple: z.boolean(),
  voters: z.number().nullable(),
  endsAt: z.string().nullable(),
  countedAt: z.string(),
});

/** The pictures of a text or a name as they are stored; none where there is nothing, or nothing that can be read. */
export function readEmojis(json: string | null): CustomEmoji[] {
  if (json === null) return [];
  const parsed = emojis.safeParse(JSON.parse(json));
  return parsed.success ? parsed.data : [];
}

/** A poll as it is stored. */
export function readPoll(json: string | null): CommentPoll | null {
  if (json === null) return null;
  const parsed = poll.safeParse(JSON.parse(json));
  return parsed.success ? parsed.data : null;
}

/** As it goes into its column: nothing for an empty list. */
export function writeParts(parts: readonly unknown[] | undefined): string | null {
  return parts && parts.length > 0 ? JSON.stringify(parts) : null;
}

/** Pictures from elsewhere as they may be stored: the first of each name, 64 of them, each with an address of the web. */
export function cleanEmojis(emojis: readonly CustomEmoji[] | undefined): CustomEmoji[] {
  const kept = new Map<string, CustomEmoji>();
  for (const { name, url } of emojis ?? []) {
    const address = webAddress(url);
    if (kept.size === mostEmojis) break;
    if (address === null || !/^[^\s:<>&"']{1,100}$/u.test(name) || kept.has(name)) continue;
    kept.set(name, { name, url: address });
  }
  return [...kept.values()];
}

/** A poll from elsewhere as it may be stored; null for one without two answers to choose from. */
export function cleanPoll(poll: CommentPoll | null | undefined): CommentPoll | null {
  if (!poll) return null;
  const options = poll.options
    .slice(0, mostOptions)
    .map(({ name, votes }) => ({
      name: line(name, longestOption),
      votes: votes === null ? null : count(votes),
    }))
    .filter(({ name }) => name !== '');
  if (options.length < 2) return null;
  const voters = poll.voters === null ? null : count(poll.voters);
  return { options, multiple: poll.multiple, voters, endsAt: poll.endsAt, countedAt: poll.countedAt };
}

/** What an author warns of, in one line of at most 1,000 code points; null for nothing. */
export function cleanWarning(warning: string | null | undefined): string | null {
  return line(warning ?? '', longestWarning) || null;
}

/** What a poll asks, without its counts: equal where the same can be chosen. */
export function choicesOf(poll: CommentPoll | null): string {
  return JSON.stringify(poll && [poll.multiple, ...poll.options.map(({ name }) => name)]);
}

function line(text: string, longest: number): string {
  return [...cleanLine(text.slice(0, longest * 2))].slice(0, longest).join('').trim();
}

function count(votes: number): number {
  return Number.isFinite(votes) ? Math.min(mostVotes, Math.max(0, Math.trunc(votes))) : 0;
}
