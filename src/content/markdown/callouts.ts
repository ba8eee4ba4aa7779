import type { MarkdownIt, Token } from 'markdown-it';

const titles: Readonly<Record<string, string>> = {
  CAUTION: 'Caution',
  IMPORTANT: 'Important',
  NOTE: 'Note',
  TIP: 'Tip',
  WARNING: 'Warning',
};
const mark = /^\[!(CAUTION|IMPORTANT|NOTE|TIP|WARNING)\][ \t]*(?:\n|$)/i;

/** `> [!NOTE]` and its kin: a quotation that begins so is a note of that kind. */
export function callouts(md: MarkdownIt): void {
  md.core.ruler.after('block', 'callouts', (state) => {
    const open: { token: Token; kind: string | null }[] = [];
    for (const [index, token] of state.tokens.entries()) {
      if (token.type === 'blockquote_open') open.push({ token, kind: takeMark(state.tokens, index) });
      if (token.type !== 'blockquote_close') continue;
      const quote = open.pop();
      if (!quote?.kind) continue;
      quote.token.type = 'callout_open';
      quote.token.meta = { kind: quote.kind };
      token.tag = 'aside';
    }
  });

  md.renderer.rules.callout_open = (tokens, index) => {
    const kind = String(tokens[index]?.meta?.kind);
    const title = `<p class="callout-title">${titles[kind]}</p>`;
    return `<aside class="callout callout-${kind.toLowerCase()}" role="note">\n${title}\n`;
  };
}

/** Takes the mark out of the quotation's first paragraph and says which it was. */
function takeMark(tokens: readonly Token[], quote: number): string | null {
  const paragraph = tokens[quote + 1];
  const inline = tokens[quote + 2];
  if (paragraph?.type !== 'paragraph_open' || inline?.type !== 'inline') return null;
  const match = mark.exec(inline.content);
  const kind = match?.[1];
  if (!match || !kind) return null;
  inline.content = inline.content.slice(match[0].length);
  const close = tokens[quote + 3];
  if (inline.content === '' && close) {
    paragraph.hidden = true;
    close.hidden = true;
  }
  return kind.toUpperCase();
}
