import type { CommentAuthor } from '../comments/comment.ts';
import type { AddressView, AvatarView, PersonView } from './view-models.ts';

const grounds = 8;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The face for a name: the picture where there is one that a page may load, and the first letter behind it. */
export function presentAvatar(name: string, pictureUrl: string | null): AvatarView {
  const letter = name.match(/[\p{L}\p{N}]/u);
  const [first] = graphemes.segment(
    letter?.index === undefined ? name.trim() || '?' : name.slice(letter.index),
  );
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  const isLoadable = pictureUrl !== null && (pictureUrl.startsWith('https://') || pictureUrl.startsWith('/'));
  return {
    url: isLoadable ? pictureUrl : null,
    initial: (first?.segment ?? '?').toUpperCase(),
    ground: sum % grounds,
  };
}

/** The halves of `@name@host`; null for what has no such form. */
export function splitHandle(handle: string | null): { name: string; host: string } | null {
  const match = /^@?([^@\s]+)@([^@\s]+)$/u.exec(handle ?? '');
  return match?.[1] && match[2] ? { name: match[1], host: match[2] } : null;
}

/** Somebody from elsewhere, as a comment or a reaction names them. */
export function presentPerson(author: CommentAuthor): PersonView {
  const parts = splitHandle(author.handle);
  return {
    name: author.name,
    url: author.url,
    handle: parts?.name ?? null,
    host: parts?.host ?? null,
    avatar: presentAvatar(author.name, author.avatarUrl),
  };
}

/** An address such as `@name@host` or `name@host`, cut so that a view can mute the host. */
export function presentAddress({
  label,
  value,
  url,
}: {
  label: string;
  value: string;
  url: string;
}): AddressView {
  const at = value.lastIndexOf('@');
  const cut = at > 0 ? at : value.length;
  return { label, value, url, name: value.slice(0, cut), host: value.slice(cut) };
}
