import { Parser } from 'htmlparser2';
import type { SafeHtml } from './safe-html.ts';

/** A link in a comment. `host` is where it really leads; `misleading` says that its text names another host. */
export type LinkInText = { href: string; host: string; text: string; misleading: boolean };

const namedHost = /(?:https?:\/\/)?((?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,63})(?=$|[/:?#\s])/iu;

/** The links of a sanitised comment, in order, for the moderator to see where they lead. */
export function linksIn(html: SafeHtml): LinkInText[] {
  const links: LinkInText[] = [];
  let href: string | null = null;
  let text = '';
  const parser = new Parser({
    onopentag(name, attributes) {
      if (name !== 'a' || !attributes.href) return;
      href = attributes.href;
      text = '';
    },
    ontext(words) {
      if (href !== null) text += words;
    },
    onclosetag(name) {
      if (name !== 'a' || href === null) return;
      links.push(describe(href, text.trim()));
      href = null;
    },
  });
  parser.write(html.toString());
  parser.end();
  return links;
}

function describe(href: string, text: string): LinkInText {
  const url = URL.parse(href);
  const host = url?.host ?? '';
  const named = namedHost.exec(text.slice(0, 300))?.[1];
  const shown = named === undefined ? null : (URL.parse(`http://${named}`)?.hostname ?? null);
  const misleading =
    shown !== null && bare(shown) !== bare(url?.hostname ?? '') && url?.protocol !== 'mailto:';
  return { href, host, text, misleading };
}

function bare(hostname: string): string {
  return hostname.replace(/^www\./, '');
}
