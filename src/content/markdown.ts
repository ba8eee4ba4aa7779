import MarkdownIt, { type MarkdownIt as Parser } from 'markdown-it';
import { TooLargeError } from '../errors.ts';
import { cleanText } from './clean-text.ts';
import { callouts } from './markdown/callouts.ts';
import { code } from './markdown/code.ts';
import { figures } from './markdown/figures.ts';
import { footnotes } from './markdown/footnotes.ts';
import { headings } from './markdown/headings.ts';
import { type MarkdownOptions, Rendering } from './markdown/rendering.ts';
import { tables } from './markdown/tables.ts';
import { tasks } from './markdown/tasks.ts';
import type { SafeHtml } from './safe-html.ts';
import { sanitiseAuthorHtml } from './sanitise.ts';

/** Characters of one text, about eighty thousand words: what is longer is refused rather than rendered slowly. */
export const maxMarkdownLength = 512 * 1024;

let parser: Parser | null = null;

/**
 * An author's Markdown as markup: GitHub's flavour with footnotes, typographic quotes and dashes, coloured code, figures
 * (a picture alone in its paragraph; its title is the caption), callouts (`> [!NOTE]`), task lists, tables in a box that
 * scrolls, and HTML. Sanitised last. If the text uses level 1, all headings go one level down, since the page's title has
 * level 1.
 *
 * @throws TooLargeError `content.too_large` above 512 KiB or 1,000 footnotes, `content.too_deep` when nested absurdly
 */
export function renderMarkdown(markdown: string, options: MarkdownOptions = {}): SafeHtml {
  if (markdown.length > maxMarkdownLength) {
    throw new TooLargeError(
      'content.too_large',
      'The text is too long for one post (512 KiB). Divide it into several.',
    );
  }
  parser ??= createParser();
  return sanitiseAuthorHtml(parser.render(cleanText(markdown), { rendering: new Rendering(options) }));
}

function createParser(): Parser {
  const md = new MarkdownIt({ html: true, linkify: true, typographer: true });
  // `readme.md` and `node.js` are no web sites.
  md.linkify.set({ fuzzyLink: false });
  for (const feature of [footnotes, headings, figures, callouts, tasks, tables, code]) md.use(feature);
  return md;
}
