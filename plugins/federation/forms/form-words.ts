/** The forms in which a post can be sent, in the owner's words. */
export const formWords: Readonly<Record<string, string>> = {
  default: 'As set for all posts',
  article: 'An article, with its summary',
  'full-text': 'The full text',
  'own-words': 'Own words, with a link',
  'not-sent': 'Not sent',
};
