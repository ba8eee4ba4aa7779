/** Addresses of the site's pages, absolute. */
export type Urls = {
  home(): string;
  post(post: { slug: string }): string;
  author(user: { username: string }): string;
  tag(slug: string): string;
  category(slug: string): string;
  comment(post: { slug: string }, commentId: string): string;
};

/** @param origin the public origin, without a slash at its end */
export function createUrls(origin: string): Urls {
  const at = (...parts: string[]) => `${origin}/${parts.map(encodeURIComponent).join('/')}`;
  return {
    home: () => `${origin}/`,
    post: ({ slug }) => at(slug),
    author: ({ username }) => at('author', username),
    tag: (slug) => at('tag', slug),
    category: (slug) => at('category', slug),
    comment: ({ slug }, commentId) => `${at(slug)}#comment-${commentId}`,
  };
}
