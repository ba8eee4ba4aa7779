import type { CustomEmoji } from 'outpost/plugin';
import type { ForeignEmoji } from '../vocabulary/tags.ts';

/** Pictures that a text or a name has in it, as the site keeps them. Nothing is fetched. */
export function customEmojis(emojis: readonly ForeignEmoji[]): CustomEmoji[] {
  return emojis.map(({ name, iconUrl }) => ({ name, url: iconUrl }));
}

/**
 * A name without the pictures in it, for lists of many names: what would stand there between colons is badges and flags.
 * @param fallback for a name that has nothing else
 */
export function nameWithoutEmojis(name: string, emojis: readonly CustomEmoji[], fallback: string): string {
  let plain = name;
  for (const emoji of emojis) plain = plain.replaceAll(`:${emoji.name}:`, ' ');
  return plain.replace(/\s+/g, ' ').trim() || fallback;
}

/** The same as they are stored with an actor; those that cannot be read are left out. */
export function readCustomEmojis(json: string | null): CustomEmoji[] {
  const emojis: unknown = json === null ? [] : JSON.parse(json);
  return Array.isArray(emojis) ? emojis.filter(isCustomEmoji) : [];
}

function isCustomEmoji(value: unknown): value is CustomEmoji {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'url' in value &&
    typeof value.url === 'string'
  );
}
