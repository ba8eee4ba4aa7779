import { Parser } from 'htmlparser2';
import type { SafeHtml } from './safe-html.ts';

/** A heading of a post that can be linked to: `level` is 2 to 6 as in its element, `text` is plain. */
export type Heading = { level: number; id: string; text: string };

/** The headings of a rendered post, in order, from level 2 down to `deepest`. Whether they are worth a list is the page's decision. */
export function tableOfContents(html: SafeHtml, deepest = 3): Heading[] {
  const headings: Heading[] = [];
  let current: Heading | null = null;
  const parser = new Parser({
    onopentag(name, attributes) {
      const level = /^h[2-6]$/.test(name) ? Number(name[1]) : 0;
      if (level > 0 && level <= deepest && attributes.id) current = { level, id: attributes.id, text: '' };
    },
    ontext(text) {
      if (current) current.text += text;
    },
    onclosetag(name) {
      if (current && name === `h${current.level}`) {
        headings.push({ ...current, text: current.text.replace(/\s+/g, ' ').trim() });
        current = null;
      }
    },
  });
  parser.write(html.toString());
  parser.end();
  return headings;
}
