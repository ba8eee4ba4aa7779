/** What becomes of a comment that has just arrived. */
export type CommentDecision = { status: 'pending' | 'approved' | 'spam'; note: string | null };

/** Above this many links a reader's comment is put with the spam. */
export const maxLinks = 20;

/** A form that comes back sooner than this was not filled in by a person, in milliseconds. */
export const minFormAgeMs = 2000;

/**
 * Decides on a comment from the form. It is held for the owner in any case; what a machine wrote goes
 * to the spam, where it can be looked at.
 */
export function decideFormComment(input: {
  honeypot: string;
  formAgeMs: number;
  links: number;
}): CommentDecision {
  if (input.honeypot !== '') return { status: 'spam', note: 'A field was filled in that people do not see.' };
  if (input.formAgeMs < minFormAgeMs)
    return { status: 'spam', note: 'The form came back faster than anybody types.' };
  if (input.links > maxLinks) return { status: 'spam', note: `It has ${input.links} links.` };
  return { status: 'pending', note: null };
}

/** Decides on a comment from elsewhere: held, with what speaks against it in words. Labels never change the state by themselves. */
export function decideReceivedComment(input: { links: number }): CommentDecision {
  return { status: 'pending', note: input.links > maxLinks ? `It has ${input.links} links.` : null };
}
