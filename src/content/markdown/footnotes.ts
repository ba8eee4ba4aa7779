import type { Env, MarkdownIt, Token } from 'markdown-it';
import footnotePlugin from 'markdown-it-footnote';
import { TooLargeError } from '../../errors.ts';
import { Rendering } from './rendering.ts';

const maxFootnotes = 1000;
const maxLabelLength = 100;

/**
 * `[^1]` and `[^1]: …`: links between the text and a list at its end. The theme may open them in place, by the class
 * `footnote-ref` and the element that the link names.
 */
export function footnotes(md: MarkdownIt): void {
  md.use(footnotePlugin);
  md.disable('footnote_inline');
  // Looking for the end of a label takes the plugin as long as the paragraph is, each time.
  md.inline.ruler.before('footnote_ref', 'footnote_label', (state, silent) => {
    const isReference = state.src.startsWith('[^', state.pos);
    if (!isReference || state.src.slice(state.pos, state.pos + maxLabelLength + 3).includes(']'))
      return false;
    if (!silent) state.pending += '[^';
    state.pos += 2;
    return true;
  });
  md.core.ruler.before('footnote_tail', 'footnote_limit', (state) => {
    const { footnotes } = state.env;
    const list =
      typeof footnotes === 'object' && footnotes !== null && 'list' in footnotes ? footnotes.list : [];
    if (Array.isArray(list) && list.length > maxFootnotes) {
      throw new TooLargeError('content.too_large', `The text has more than ${maxFootnotes} footnotes.`);
    }
  });

  const { rules } = md.renderer;
  rules.footnote_ref = (tokens, index, _options, env) => {
    const { note, reference } = idsOf(tokens[index], env);
    const number = numberOf(tokens[index]);
    return `<sup class="footnote-ref"><a href="#${note}" id="${reference}" role="doc-noteref" aria-label="Footnote ${number}">${number}</a></sup>`;
  };
  rules.footnote_block_open = () =>
    '<section class="footnotes" role="doc-endnotes" aria-label="Footnotes">\n<ol>\n';
  rules.footnote_block_close = () => '</ol>\n</section>\n';
  rules.footnote_open = (tokens, index, _options, env) =>
    `<li id="${idsOf(tokens[index], env).note}" class="footnote">`;
  rules.footnote_close = () => '</li>\n';
  rules.footnote_anchor = (tokens, index, _options, env) => {
    const { reference } = idsOf(tokens[index], env);
    const number = reference.slice(reference.lastIndexOf('fnref-') + 'fnref-'.length);
    return ` <a href="#${reference}" class="footnote-back" role="doc-backlink" aria-label="Back to reference ${number}">↩\uFE0E</a>`;
  };
}

function numberOf(token: Token | undefined): number {
  return Number(token?.meta?.id) + 1;
}

function idsOf(token: Token | undefined, env: Env | undefined): { note: string; reference: string } {
  const prefix = Rendering.in(env).options.idPrefix ?? '';
  const number = numberOf(token);
  const again = Number(token?.meta?.subId ?? 0);
  return {
    note: `${prefix}fn-${number}`,
    reference: `${prefix}fnref-${number}${again > 0 ? `-${again + 1}` : ''}`,
  };
}
