import type { ForeignActivity } from '../vocabulary/activity.ts';

/**
 * The emoji of a Misskey or Pleroma reaction: one of Unicode's, or `:name:` with the address of its picture. Nothing for
 * a like without one.
 * Source: FEP-c0e0 (emoji reactions); Misskey, `_misskey_reaction`
 */
export function reactionEmoji({ content, emojis }: Pick<ForeignActivity, 'content' | 'emojis'>): {
  emoji: string | null;
  emojiUrl: string | null;
} {
  if (content === null) return { emoji: null, emojiUrl: null };
  const name = nameOf(content);
  if (name === null) return { emoji: isUnicode(content) ? content : null, emojiUrl: null };
  const picture = emojis.find((emoji) => nameOf(`:${emoji.name}:`) === name) ?? null;
  return { emoji: `:${name}:`, emojiUrl: picture?.iconUrl ?? null };
}

/** `so` of `:so:` and of `:so@host:`, as Misskey names what another server has. */
function nameOf(content: string): string | null {
  return /^:([^\s:@]{1,100})(?:@[^\s:@]{1,255})?:$/u.exec(content)?.[1] ?? null;
}

/** Anything else as a reaction is a word that somebody wants on the page. */
function isUnicode(content: string): boolean {
  return /^\p{RGI_Emoji}$/v.test(content) || /^\p{Emoji}\uFE0F?$/u.test(content);
}
