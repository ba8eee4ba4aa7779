import type { MarkdownIt, Token } from 'markdown-it';
import { escapeHtml } from '../escape.ts';
import { Rendering } from './rendering.ts';

const sizes = '(min-width: 48rem) 44rem, 100vw';

/** Pictures with all that is known about them; one that is alone in its paragraph becomes a figure, its title the caption. */
export function figures(md: MarkdownIt): void {
  md.core.ruler.after('inline', 'figures', (state) => {
    for (const [index, token] of state.tokens.entries()) {
      const inline = state.tokens[index + 1];
      const close = state.tokens[index + 2];
      if (token.type !== 'paragraph_open' || token.hidden || !inline?.children || !close) continue;
      const image = onlyImage(inline.children);
      if (!image) continue;
      token.type = 'figure_open';
      token.tag = 'figure';
      close.type = 'figure_close';
      close.tag = 'figure';
      close.meta = { caption: String(image.attrGet('title') ?? '') };
      image.attrs = image.attrs?.filter(([name]) => name !== 'title') ?? null;
    }
  });

  md.renderer.rules.figure_close = (tokens, index) => {
    const caption = tokens[index]?.meta?.caption;
    return `${typeof caption === 'string' && caption !== '' ? `<figcaption>${escapeHtml(caption)}</figcaption>` : ''}</figure>\n`;
  };

  md.renderer.rules.image = (tokens, index, options, env, renderer) => {
    const token = tokens[index];
    if (!token) return '';
    const rendering = Rendering.in(env);
    rendering.images += 1;
    const src = String(token.attrGet('src') ?? '');
    const recording = rendering.options.player?.(src) ?? null;
    if (recording)
      return player(
        recording.kind,
        token,
        src,
        renderer.renderInlineAsText(token.children ?? [], options, env),
      );
    token.attrSet('alt', renderer.renderInlineAsText(token.children ?? [], options, env));
    const known = rendering.options.image?.(src) ?? null;
    if (known) {
      token.attrSet('width', known.width);
      token.attrSet('height', known.height);
      if (known.srcset) {
        token.attrSet('srcset', known.srcset);
        token.attrSet('sizes', sizes);
      }
    }
    // The first one is likely in view at once.
    if (rendering.images > 1) token.attrSet('loading', 'lazy');
    token.attrSet('decoding', 'async');
    return `<img${renderer.renderAttrs(token)}>`;
  };
}

/** `![What is heard](/media/…mp3)`: a player, which loads nothing but its length before it is used. */
function player(kind: 'audio' | 'video', token: Token, src: string, label: string): string {
  const name = label === '' ? '' : ` aria-label="${escapeHtml(label)}"`;
  const title = String(token.attrGet('title') ?? '');
  const hint = title === '' ? '' : ` title="${escapeHtml(title)}"`;
  return `<${kind} src="${escapeHtml(src)}" controls preload="metadata"${name}${hint}></${kind}>`;
}

/** The picture of a paragraph that holds nothing else, but for a link around it. */
function onlyImage(children: readonly Token[]): Token | null {
  const rest = children.filter((token) => token.type !== 'text' || token.content.trim() !== '');
  const linked = rest.length === 3 && rest[0]?.type === 'link_open' && rest[2]?.type === 'link_close';
  const token = linked ? rest[1] : rest.length === 1 ? rest[0] : undefined;
  return token?.type === 'image' ? token : null;
}
