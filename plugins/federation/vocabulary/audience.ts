import { idOf } from './ids.ts';
import { entries } from './shapes.ts';
import { asNode } from './terms.ts';

/** The collection that stands for everybody. Source: ActivityPub, section 5.6. */
export const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';

/**
 * Who may see something. `unlisted` is public, yet wishes to stay out of listings; the last two are private.
 */
export type Visibility = 'public' | 'unlisted' | 'followers' | 'direct';

/**
 * The ids in `to`, `cc` or `audience`, each once; the short forms of Public (`as:Public` in Ghost, Lemmy and Threads,
 * `Public` as JSON-LD compacts it) as its full address. Source: ActivityPub, section 5.6.
 */
export function recipients(value: unknown): string[] {
  const ids = new Set<string>();
  for (const entry of entries(value)) {
    const id = isPublicName(asNode(entry)?.id ?? entry) ? PUBLIC : idOf(entry);
    if (id !== null) ids.add(id);
  }
  return [...ids];
}

function isPublicName(value: unknown): boolean {
  return value === PUBLIC || value === 'as:Public' || value === 'Public';
}

/**
 * Who may see what is addressed so. Only Public makes something public; whatever is not understood stays private.
 *
 * @param followersHint the author's followers collection where it is known; without it an address with a path part
 *   `followers` is taken for one. It decides only between the two private kinds.
 */
export function visibilityOf(
  to: readonly string[],
  cc: readonly string[],
  followersHint: string | null = null,
): Visibility {
  if (to.includes(PUBLIC)) return 'public';
  if (cc.includes(PUBLIC)) return 'unlisted';
  const isFollowers = (id: string) =>
    followersHint ? id === followersHint : /\/followers(?:[/?#]|$)/.test(id);
  return to.some(isFollowers) || cc.some(isFollowers) ? 'followers' : 'direct';
}
