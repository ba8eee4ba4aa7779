import type { MarkdownIt, StateCore, Token } from 'markdown-it';
import { escapeHtml } from '../escape.ts';
import { Rendering } from './rendering.ts';

/** Ids that pages have for their own parts. */
const taken = [
  'comments',
  'content',
  'contents',
  'footer',
  'header',
  'main',
  'menu',
  'nav',
  'reply',
  'search',
  'top',
];
const maxIdLength = 80;

/** Puts headings below the page's title, gives them ids made of their words, and a link to themselves. */
export function headings(md: MarkdownIt): void {
  md.core.ruler.after('inline', 'headings', (state) => {
    const rendering = Rendering.in(state.env);
    lower(state.tokens);
    if (rendering.options.headingIds !== false) identify(state, rendering.options.idPrefix ?? '');
  });
}

function lower(tokens: Token[]): void {
  if (!tokens.some((token) => token.type === 'heading_open' && token.tag === 'h1')) return;
  for (const token of tokens) {
    if (token.type === 'heading_open' || token.type === 'heading_close') {
      token.tag = `h${Math.min(6, Number(token.tag.slice(1)) + 1)}`;
    }
  }
}

function identify(state: StateCore, prefix: string): void {
  const used = new Map(taken.map((id) => [id, 0]));
  for (const [index, token] of state.tokens.entries()) {
    const inline = state.tokens[index + 1];
    if (token.type !== 'heading_open' || inline?.type !== 'inline' || !inline.children) continue;
    const visible = inline.children.filter((child) => child.type !== 'html_inline');
    const words = state.md.renderer.renderInlineAsText(visible, state.md.options, state.env);
    const id = prefix + unusedId(idOf(words), used);
    token.attrSet('id', id);
    const anchor = new state.Token('html_inline', '', 0);
    // Empty, so that it is no part of the text: the theme draws the sign.
    anchor.content = `<a class="heading-anchor" href="#${escapeHtml(encodeURIComponent(id))}" aria-label="Link to this section"></a>`;
    inline.children.push(anchor);
  }
}

function idOf(words: string): string {
  const id = words
    .toLowerCase()
    .normalize('NFC')
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, '-')
    .slice(0, maxIdLength)
    .toWellFormed()
    .replace(/^-|-$/g, '');
  return id || 'section';
}

function unusedId(id: string, used: Map<string, number>): string {
  const count = used.get(id);
  if (count === undefined) {
    used.set(id, 0);
    return id;
  }
  used.set(id, count + 1);
  return unusedId(`${id}-${count + 1}`, used);
}
