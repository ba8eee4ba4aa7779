import type { DeliveryEntry } from '../delivery/delivery-list.ts';
import type { HealthWord } from '../delivery/host-health.ts';
import type { DeliveryReason, HostLogRow } from '../tables.ts';

const minute = 60_000;
const hour = 60 * minute;

/** A moment from now in words: `in 2 h`, `now`. @param now the moment from which it is told */
export function inWords(at: string, now: Date): string {
  const ms = Date.parse(at) - now.getTime();
  if (ms < 1000) return 'now';
  if (ms < 90_000) return `in ${Math.round(ms / 1000)} s`;
  if (ms < 90 * minute) return `in ${Math.round(ms / minute)} min`;
  if (ms < 48 * hour) return `in ${Math.round(ms / hour)} h`;
  return `in ${Math.round(ms / (24 * hour))} days`;
}

/** How long ago a moment was, in words: `2 h`. */
export function lengthInWords(at: string, now: Date): string {
  const ms = now.getTime() - Date.parse(at);
  if (ms < minute) return 'less than a minute';
  if (ms < 90 * minute) return `${Math.round(ms / minute)} min`;
  if (ms < 48 * hour) return `${Math.round(ms / hour)} h`;
  return `${Math.round(ms / (24 * hour))} days`;
}

/** A moment that is past, in words: `2 h ago`. */
export function agoInWords(at: string, now: Date): string {
  return now.getTime() - Date.parse(at) < minute ? 'just now' : `${lengthInWords(at, now)} ago`;
}

const answers: Readonly<Record<number, string>> = {
  400: 'cannot read the message',
  401: 'does not believe our signature',
  403: 'does not let us in',
  404: 'knows nobody there',
  405: 'takes no messages there',
  410: 'says that the inbox is gone',
  413: 'finds the message too large',
  422: 'does not want the message',
  429: 'asks for fewer messages',
  500: 'has a fault',
  502: 'is down',
  503: 'is down or too busy',
  504: 'is down',
};

const reasons: Readonly<Record<Exclude<DeliveryReason, 'status'>, string>> = {
  dns: 'Its name is not found',
  connect: 'It takes no connections',
  tls: 'Its certificate is not in order',
  timeout: 'It does not answer in time',
  reset: 'It hangs up before it answers',
  response: 'Its answer cannot be understood',
  refused: 'Its address is none that may be reached',
  outdated: 'Not needed any more: what came later says it',
  blocked: 'You have blocked the server',
  unfollowed: 'Nobody follows there any more',
  expired: 'It was away for more than a week',
};

/** Why something did not arrive, as people say it; empty where there is nothing to say. */
export function whyInWords({
  reason,
  lastStatus,
  lastError,
}: Pick<DeliveryEntry, 'reason' | 'lastStatus' | 'lastError'>): string {
  if (reason !== null && reason !== 'status') return reasons[reason];
  if (lastStatus === null || (reason === null && lastStatus < 300)) return lastError ?? '';
  return `The server ${answers[lastStatus] ?? 'answers'} (${lastStatus})`;
}

/** When something that waits is tried next. @param server how the server does that it goes to */
export function nextInWords(
  { state, nextAttemptAt }: Pick<DeliveryEntry, 'state' | 'nextAttemptAt'>,
  server: { health: HealthWord; notBefore: string | null } | undefined,
  now: Date,
): string {
  if (state === 'delivered' || state === 'abandoned' || nextAttemptAt === null) return '';
  if (server?.health === 'stopped') return 'waits until you resume the server';
  const notBefore = server?.notBefore ?? nextAttemptAt;
  const at = notBefore > nextAttemptAt ? notBefore : nextAttemptAt;
  const when = inWords(at, now);
  if (server?.health === 'held')
    return `waits for the server, which is tried ${when === 'now' ? when : `again ${when}`}`;
  return when === 'now' ? 'is sent now' : `next try ${when}`;
}

/** How a server does, for a label. */
export const healthLabels: Readonly<Record<HealthWord, { text: string; className: string }>> = {
  ok: { text: 'Answers', className: 'published' },
  new: { text: 'Not sent anything yet', className: 'draft' },
  failing: { text: 'Has trouble', className: 'wrong' },
  held: { text: 'Mail is held', className: 'wrong' },
  limited: { text: 'Wants a pause', className: 'pending' },
  stopped: { text: 'Stopped by you', className: 'draft' },
};

/** What happened with a server, for its history. */
export const eventLabels: Readonly<Record<HostLogRow['what'], { text: string; className: string }>> = {
  failed: { text: 'Not taken', className: 'wrong' },
  held: { text: 'Mail held from now on', className: 'wrong' },
  limited: { text: 'Asked for a pause', className: 'pending' },
  back: { text: 'Took a message again', className: 'published' },
  heard: { text: 'Sent us something', className: 'published' },
  suspended: { text: 'Followers suspended', className: 'wrong' },
  resumed: { text: 'Followers resumed', className: 'published' },
  stopped: { text: 'Stopped by hand', className: 'draft' },
  released: { text: 'Resumed by hand', className: 'published' },
  retried: { text: 'Sent again by hand', className: 'draft' },
};
