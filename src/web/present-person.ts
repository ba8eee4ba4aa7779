import type { CommentAuthor } from '../comments/comment.ts';
import { nameHtml } from '../content/emoji-html.ts';
import { emojiPictures } from '../pictures/emoji-pictures.ts';
import type { PictureLink } from '../pictures/picture-address.ts';
import type { AddressView, AvatarView, PersonView } from './view-models.ts';

const grounds = 8;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The face for a name: the picture on this site where there is one, and the first letter behind it. */
export function presentAvatar(name: string, pictureUrl: string | null): AvatarView {
  const letter = name.match(/[\p{L}\p{N}]/u);
  const [first] = graphemes.segment(
    letter?.index === undefined ? name.trim() || '?' : name.slice(letter.index),
  );
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return {
    url: pictureUrl?.startsWith('/') ? pictureUrl : null,
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
export function presentPerson(author: CommentAuthor, link: PictureLink): PersonView {
  const parts = splitHandle(author.handle);
  return {
    name: author.name,
    nameHtml: nameHtml(author.name, emojiPictures(author.emojis ?? [], link)),
    url: author.url,
    handle: parts?.name ?? null,
    host: parts?.host ?? null,
    avatar: presentAvatar(author.name, author.avatarUrl && link('face', author.avatarUrl)),
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
