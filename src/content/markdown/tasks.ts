import type { MarkdownIt } from 'markdown-it';

const mark = /^\[([ xX])\](?=[ \t])/;

/** `- [ ]` and `- [x]`: boxes that say whether something is done. */
export function tasks(md: MarkdownIt): void {
  md.core.ruler.after('inline', 'tasks', (state) => {
    for (const [index, token] of state.tokens.entries()) {
      const inline = state.tokens[index + 2];
      if (token.type !== 'list_item_open' || state.tokens[index + 1]?.type !== 'paragraph_open') continue;
      const first = inline?.children?.[0];
      const match = mark.exec(first?.content ?? '');
      if (!match || first?.type !== 'text' || !inline?.children) continue;
      const isDone = match[1] !== ' ';
      first.content = first.content.slice(match[0].length);
      const box = new state.Token('html_inline', '', 0);
      box.content = `<input type="checkbox" disabled=""${isDone ? ' checked=""' : ''} aria-label="${isDone ? 'Done' : 'To do'}">`;
      inline.children.unshift(box);
      token.attrJoin('class', 'task');
    }
  });
}
