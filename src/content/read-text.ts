import { Tokenizer } from 'htmlparser2';
import { droppedElements } from './allowed-html.ts';

const paragraphs = new Set([
  'address',
  'article',
  'aside',
  'blockquote',
  'details',
  'div',
  'dl',
  'fieldset',
  'figure',
  'footer',
  'form',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'header',
  'hr',
  'main',
  'nav',
  'ol',
  'p',
  'pre',
  'section',
  'table',
  'ul',
]);
const lines = new Set(['dd', 'dt', 'figcaption', 'li', 'option', 'summary', 'tr']);
const voids = new Set([
  'area',
  'base',
  'br',
  'col',
  'embed',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'source',
  'track',
  'wbr',
]);

/** Which elements to leave out, by their name and their class attribute. */
export type Leave = (element: string, className: string) => boolean;

const leaveNothing: Leave = () => false;
const ignore = () => undefined;

/**
 * The words of some markup, foreign markup too, as plain text: a line for each line, an empty line between paragraphs, no
 * more. It reads with a tokenizer and keeps no tree, so that its time grows with the length alone.
 */
export function readText(html: string, leave: Leave = leaveNothing): string {
  const text = new PlainText();
  let element = '';
  let attribute = '';
  let className = '';
  /** The element that is being left out, and how many of its name are open. */
  let left = '';
  let leftDepth = 0;

  function opened() {
    if (leftDepth > 0) {
      if (element === left && !voids.has(element)) leftDepth += 1;
    } else if (droppedElements.has(element) || leave(element, className)) {
      if (!voids.has(element)) {
        left = element;
        leftDepth = 1;
      }
    } else {
      text.boundary(element);
      if (element === 'pre') text.verbatim += 1;
      if (element === 'td' || element === 'th') text.add(' ');
    }
  }

  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      onopentagname(start, end) {
        element = html.slice(start, end).toLowerCase();
        className = '';
      },
      onattribname(start, end) {
        attribute = html.slice(start, end).toLowerCase();
      },
      onattribdata(start, end) {
        if (attribute === 'class') className += html.slice(start, end);
      },
      onopentagend: opened,
      onselfclosingtag: opened,
      onclosetag(start, end) {
        const name = html.slice(start, end).toLowerCase();
        if (leftDepth > 0) {
          if (name === left) leftDepth -= 1;
          return;
        }
        text.boundary(name);
        if (name === 'pre') text.verbatim = Math.max(0, text.verbatim - 1);
      },
      ontext(start, end) {
        if (leftDepth === 0) text.add(html.slice(start, end));
      },
      ontextentity(codePoint) {
        if (leftDepth === 0) text.add(String.fromCodePoint(codePoint));
      },
      onattribentity: ignore,
      onattribend: ignore,
      oncdata: ignore,
      oncomment: ignore,
      ondeclaration: ignore,
      onprocessinginstruction: ignore,
      onend: ignore,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
  return text.finish();
}

/** Puts words together: white space as in a browser, breaks between blocks. */
class PlainText {
  /** How many `<pre>` are open. */
  verbatim = 0;
  readonly #parts: string[] = [];
  #breaks = 0;
  #space = false;

  boundary(element: string): void {
    if (paragraphs.has(element)) this.#breaks = 2;
    else if (element === 'br') this.#breaks = Math.min(2, this.#breaks + 1);
    else if (lines.has(element)) this.#breaks = Math.max(this.#breaks, 1);
  }

  add(text: string): void {
    if (this.verbatim > 0) {
      this.#push(text);
      return;
    }
    const words = text.replace(/\s+/g, ' ');
    if (words.startsWith(' ')) this.#space = true;
    const content = words.trim();
    if (content !== '') this.#push(content);
    if (words.endsWith(' ')) this.#space = true;
  }

  #push(content: string): void {
    if (this.#parts.length > 0)
      this.#parts.push(this.#breaks > 0 ? '\n'.repeat(this.#breaks) : this.#space ? ' ' : '');
    this.#parts.push(content);
    this.#breaks = 0;
    this.#space = false;
  }

  finish(): string {
    return this.#parts
      .join('')
      .replace(/\n{3,}/g, '\n\n')
      .trim();
  }
}
