import type { MarkdownIt, RendererRule } from 'markdown-it';

/** Tables in a box that scrolls by itself and by keyboard, with alignment as an attribute because styles are not allowed. */
export function tables(md: MarkdownIt): void {
  md.renderer.rules.table_open = () =>
    '<div class="table-scroll" role="region" aria-label="Table" tabindex="0"><table>\n';
  md.renderer.rules.table_close = () => '</table></div>\n';
  md.renderer.rules.th_open = cell;
  md.renderer.rules.td_open = cell;
}

const cell: RendererRule = (tokens, index) => {
  const token = tokens[index];
  if (!token) return '';
  const align = /^text-align:(left|center|right)$/.exec(String(token.attrGet('style') ?? ''))?.[1];
  const scope = token.tag === 'th' ? ' scope="col"' : '';
  return `<${token.tag}${scope}${align ? ` align="${align}"` : ''}>`;
};
