import { type DefaultTreeAdapterTypes, parse } from 'parse5';

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

const executable = new Set(['script', 'iframe', 'object', 'embed', 'base', 'applet', 'frame', 'frameset']);
const addressed = ['href', 'src', 'action', 'formaction', 'xlink:href', 'poster', 'data', 'srcset'];

/**
 * What a browser would run or send elsewhere on a whole page of ours and that no template of ours has written. Payloads
 * of these tests carry the element `x-pwned`, so that any markup of theirs that came alive is seen.
 */
export function liveMarkupIn(page: string, origin: string): string[] {
  const found: string[] = [];
  walk(parse(page), (element) => {
    const { tagName, attrs } = element;
    const of = (name: string) => attrs.find((one) => one.name === name)?.value;
    const isOwnScript = tagName === 'script' && isOwn(of('src'), origin);
    const isData = tagName === 'script' && of('type') === 'application/ld+json';
    // The editor's preview, in which nothing runs.
    const isPreview =
      tagName === 'iframe' && of('sandbox') !== undefined && !of('sandbox')?.includes('allow-scripts');
    if (executable.has(tagName) && !isOwnScript && !isData && !isPreview) found.push(`<${tagName}>`);
    if (tagName === 'x-pwned' || attrs.some(({ name }) => name === 'x-pwned'))
      found.push('markup of a stranger');
    if (tagName === 'meta' && of('http-equiv') !== undefined)
      found.push(`<meta http-equiv="${of('http-equiv')}">`);
    if (tagName === 'form' && !isOwn(of('action') ?? '/', origin))
      found.push(`<form action="${of('action')}">`);
    for (const { name, value } of attrs) {
      if (name.startsWith('on')) found.push(`${tagName} ${name}`);
      if (addressed.includes(name) && !isForTheWeb(value)) found.push(`${tagName} ${name}="${value}"`);
    }
  });
  return found;
}

function isOwn(address: string | undefined, origin: string): boolean {
  return address !== undefined && URL.parse(address, origin)?.origin === origin;
}

function isForTheWeb(address: string): boolean {
  const url = URL.parse(address.trim(), 'https://here.example/');
  if (!url) return true;
  const isPicture = url.protocol === 'data:' && /^data:image\/(png|webp|jpeg|svg\+xml)[;,]/i.test(url.href);
  return ['http:', 'https:', 'mailto:', 'tel:'].includes(url.protocol) || isPicture;
}

function walk(node: Node | DefaultTreeAdapterTypes.Document, visit: (element: Element) => void): void {
  if ('tagName' in node) visit(node);
  if ('content' in node) walk(node.content as unknown as Node, visit);
  if ('childNodes' in node) for (const child of node.childNodes) walk(child, visit);
}
