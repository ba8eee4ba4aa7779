import type { CustomEmoji } from '../comments/comment.ts';
import type { EmojiPictures } from '../content/emoji-html.ts';
import type { PictureLink } from './picture-address.ts';

/** The pictures of a text or a name, by their names, as this site serves them. */
export function emojiPictures(emojis: readonly CustomEmoji[], link: PictureLink): EmojiPictures {
  return new Map(emojis.map(({ name, url }) => [name, link('emoji', url)]));
}
