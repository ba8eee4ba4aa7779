import { type DefaultTreeAdapterTypes, parse } from 'parse5';

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

const addresses = new Set(['action', 'cite', 'data', 'formaction', 'href', 'poster', 'src', 'xlink:href']);
const placeholder = /^background-image:url\(data:image\/(webp|png|jpeg);base64,[A-Za-z0-9+/=]*\)$/;
const alwaysWrong = new Set([
  'applet',
  'base',
  'button',
  'embed',
  'form',
  'frame',
  'frameset',
  'iframe',
  'link',
  'math',
  'meta',
  'noembed',
  'noframes',
  'noscript',
  'object',
  'option',
  'plaintext',
  'script',
  'select',
  'style',
  'svg',
  'template',
  'textarea',
  'title',
  'xmp',
]);

/**
 * What a browser would find in some markup that must not be there, told by a parser that has nothing to do with the one
 * that sanitised: foreign elements, handlers, styles, addresses that are not for the web, and markup that ends the box it
 * was put into.
 */
export function dangersIn(html: string): string[] {
  const dangers = surroundings.flatMap(([before, behind]) => dangersWithin(before, html, behind));
  return [...new Set(isBalanced(html) ? dangers : ['tags do not match', ...dangers])];
}

/** Whether every tag that is not empty is closed by its own, in order. */
function isBalanced(html: string): boolean {
  const open: string[] = [];
  for (const [, slash, name = '', selfClosing] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^<>]*?(\/?)>/g)) {
    if (slash && open.pop() !== name) return false;
    if (!slash && !selfClosing) open.push(name);
  }
  return open.length === 0;
}

/** Pages put texts into lists of several kinds, and text must not get out of any. */
const surroundings = [
  ['', ''],
  ['<ol><li>', '</li></ol>'],
  ['<dl><dd>', '</dd></dl>'],
  ['<table><tr><td>', '</td></tr></table>'],
] as const;

function dangersWithin(before: string, html: string, behind: string): string[] {
  const box = `<div id="box-of-test">${html}<i id="end-of-test"></i></div>`;
  const document = parse(
    `<!doctype html><title>t</title><body>${before}${box}${behind}<i id="after-test"></i>`,
  );
  const found: string[] = [];
  const element = find(document, 'box-of-test');
  const end = find(document, 'end-of-test');
  const after = find(document, 'after-test');
  if (!element) return ['the box is gone'];
  if (!end || end.parentNode !== element || element.childNodes.at(-1) !== end) found.push('the box was left');
  if (after?.parentNode?.nodeName !== 'body') found.push('the text leaks out of the box');
  for (const node of element.childNodes) if (node !== end) walk(node, found);
  return found;
}

function find(node: DefaultTreeAdapterTypes.ParentNode, id: string): Element | undefined {
  for (const child of node.childNodes) {
    if (!isElement(child)) continue;
    if (attribute(child, 'id') === id) return child;
    const inside = find(child, id);
    if (inside) return inside;
  }
  return undefined;
}

function walk(node: Node, found: string[]): void {
  if (node.nodeName === '#comment') found.push('a comment');
  if (!isElement(node)) return;
  if (node.namespaceURI !== 'http://www.w3.org/1999/xhtml')
    found.push(`<${node.tagName}> of another namespace`);
  if (alwaysWrong.has(node.tagName)) found.push(`<${node.tagName}>`);
  for (const { name, value } of node.attrs) {
    if (name.startsWith('on')) found.push(`${name}=`);
    if (name === 'style' && !placeholder.test(value)) found.push(`style="${value}"`);
    if (
      name === 'srcdoc' ||
      name === 'autofocus' ||
      name === 'autoplay' ||
      name === 'ping' ||
      name === 'target'
    )
      found.push(name);
    if (addresses.has(name) && !isForTheWeb(value)) found.push(`${name}="${value}"`);
    if (name === 'srcset' && value.split(',').some((part) => !isForTheWeb(part.trim())))
      found.push(`srcset="${value}"`);
  }
  for (const child of node.childNodes) walk(child, found);
}

function isForTheWeb(address: string): boolean {
  const url = URL.parse(address, 'https://here.example/');
  return url === null || ['http:', 'https:', 'mailto:', 'tel:'].includes(url.protocol);
}

function isElement(node: Node): node is Element {
  return 'tagName' in node;
}

function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((one) => one.name === name)?.value;
}
