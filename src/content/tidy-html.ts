import { stripInvisible } from './clean-text.ts';

const maxLineBreaks = 100;

/**
 * Takes out of a stranger's sanitised markup what is only there to be in the way: invisible characters, empty paragraphs,
 * line breaks by the thousand. Headings become bold paragraphs, so that the page's own outline stays whole.
 * Its result has to be sanitised again.
 */
export function tidy(html: string): string {
  let lineBreaks = 0;
  return stripInvisible(html)
    .replaceAll('<h6>', '<p><strong>')
    .replaceAll('</h6>', '</strong></p>')
    .replace(/<br \/>/g, (lineBreak) => {
      lineBreaks += 1;
      return lineBreaks > maxLineBreaks ? '' : lineBreak;
    })
    .replace(/<p>(?:\s|<br \/>)*<\/p>/g, '')
    .replace(/<bdi><\/bdi>/g, '')
    .replace(/\n{4,}/g, '\n\n\n')
    .trim();
}

/**
 * The beginning of some sanitised markup, `maxBytes` of UTF-8 at most, ending with an ellipsis and never inside a tag, an
 * entity or a character. What it leaves open has to be closed by sanitising again.
 */
export function cutHtml(html: string, maxBytes: number): string {
  const bytes = Buffer.from(html);
  if (bytes.length <= maxBytes) return html;
  let end = Math.max(0, maxBytes - Buffer.byteLength('…'));
  // A byte 10xxxxxx goes on with the character before it.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  let cut = bytes.subarray(0, end).toString('utf8');
  const tag = cut.lastIndexOf('<');
  if (tag > cut.lastIndexOf('>')) cut = cut.slice(0, tag);
  const entity = cut.lastIndexOf('&');
  if (entity > cut.length - 10 && !cut.includes(';', entity)) cut = cut.slice(0, entity);
  const space = cut.lastIndexOf(' ');
  if (space > cut.length - 100 && space > cut.lastIndexOf('>')) cut = cut.slice(0, space);
  return `${cut}…`;
}
