import type { MarkdownIt } from 'markdown-it';
import { escapeHtml } from '../escape.ts';
import { highlight } from './highlight.ts';
import { Rendering } from './rendering.ts';

/** Code that is coloured in one text; more is shown plain. */
const maxHighlighted = 100 * 1024;

/** Code blocks, coloured where the language is known, in boxes that scroll by keyboard too. */
export function code(md: MarkdownIt): void {
  md.renderer.rules.fence = (tokens, index, _options, env) => {
    const token = tokens[index];
    if (!token) return '';
    const rendering = Rendering.in(env);
    const language = /^[^\s{,]*/.exec(md.utils.unescapeAll(token.info).trim())?.[0] ?? '';
    const name = /^[\w+#.-]+$/.test(language) ? ` class="hljs language-${language}"` : '';
    const isCheap = rendering.highlighted + token.content.length <= maxHighlighted;
    const coloured = isCheap ? highlight(token.content, language) : null;
    if (coloured !== null) rendering.highlighted += token.content.length;
    return `<pre tabindex="0"><code${name}>${coloured ?? escapeHtml(token.content)}</code></pre>\n`;
  };
  md.renderer.rules.code_block = (tokens, index) =>
    `<pre tabindex="0"><code>${escapeHtml(tokens[index]?.content ?? '')}</code></pre>\n`;
}
