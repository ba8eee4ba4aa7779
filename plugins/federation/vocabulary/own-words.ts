import { contentOf } from './content-out.ts';
import { escapeMarkup } from './escape.ts';
import { hashtagsOf, linkTo, named, type PostObjectInput, teaserOf } from './post-members.ts';

const ADDRESS = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}]/g;

/**
 * The words that the writer made for other servers, and the link to the post, unless the words have it. Where none were
 * written, the post's beginning stands for them.
 */
export function wordsOf(input: PostObjectInput): string {
  const words = input.words.trim();
  if (words === '') return teaserOf(input.rendered.excerpt, input.url);
  const html = words
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${paragraph.trim().split('\n').map(withAddresses).join('<br>')}</p>`)
    .join('');
  const content = contentOf(html, named(input), { hashtags: hashtagsOf(input) });
  return words.includes(input.url) ? content : `${content}<p>${linkTo(input.url)}</p>`;
}

function withAddresses(line: string): string {
  let html = '';
  let from = 0;
  for (const match of line.matchAll(ADDRESS)) {
    html += escapeMarkup(line.slice(from, match.index)) + linkTo(match[0]);
    from = match.index + match[0].length;
  }
  return html + escapeMarkup(line.slice(from));
}
