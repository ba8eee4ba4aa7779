import { isId } from '../vocabulary/ids.ts';

/**
 * How a community learns that something is meant for it. `link`: it is addressed, and shows the first attachment as the
 * post's link (Lemmy, PieFed); `address`: it is addressed (Mbin, NodeBB, Discourse, WordPress); `mention`: it is mentioned
 * as well (gup.pe, Friendica, and whatever is not known).
 */
export type CommunityKind = 'link' | 'address' | 'mention';

/** How a community is named: by a handle, or by an address. */
export type CommunityName =
  | { kind: 'handle'; username: string; host: string }
  | { kind: 'address'; id: string };

const handle = /^[!@&]?([^\s@!/?#\\]+)@([^\s@/?#\\]+)$/;

/** Reads `!name@host`, `@name@host` or an address; null for what is neither. */
export function readCommunityName(typed: string): CommunityName | null {
  const name = typed.trim();
  const [, username, host] = handle.exec(name) ?? [];
  if (username && host) return { kind: 'handle', username, host: host.toLowerCase() };
  const isAddress: boolean = isId(name);
  return isAddress ? { kind: 'address', id: name } : null;
}

const kinds: Readonly<Record<string, CommunityKind>> = {
  lemmy: 'link',
  piefed: 'link',
  mbin: 'address',
  kbin: 'address',
  nodebb: 'address',
  discourse: 'address',
  wordpress: 'address',
  outpost: 'address',
};

/**
 * How a community is to be addressed.
 * @param software what its server says to run, such as `lemmy 0.19.5`; null where that is not known, in which case the
 *   address tells where it can: `/c/NAME` is Lemmy's, `/m/NAME` Mbin's, `/category/N` NodeBB's
 */
export function kindOfCommunity(software: string | null, id: string): CommunityKind {
  const name = software?.split(/[\s/]/, 1)[0]?.toLowerCase() ?? '';
  const known = kinds[name];
  if (known) return known;
  if (name !== '' && name !== 'unknown') return 'mention';
  const path = URL.parse(id)?.pathname ?? '';
  if (/^\/c\/[^/]+$/.test(path)) return 'link';
  return /^\/(?:m\/[^/]+|category\/\d+)$/.test(path) ? 'address' : 'mention';
}

/** Which of several types of actors a post can be addressed to: Friendica's pages are Organizations. */
export function isCommunity(actor: { type: string }): boolean {
  return actor.type === 'Group' || actor.type === 'Organization';
}

/** What a community is called in a text. */
export function handleIn(actor: { handle: string | null; preferredUsername: string; host: string }): string {
  return actor.handle ?? `@${actor.preferredUsername}@${actor.host}`;
}
