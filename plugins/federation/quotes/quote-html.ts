/**
 * What most software adds to a text that quotes, for those who know no quotes: `RE:` or `QT:` and a link, in a paragraph
 * of its own (Mastodon) or after line breaks (Misskey, Akkoma, Fedibird).
 */
const ownParagraph = /<p>\s{0,8}(?:RE|QT|RN|QN):\s{0,8}<a\b[^>]*>[^<]*<\/a>\s{0,8}<\/p>/g;
const atLineEnd = /(?:\s|<br>|<br \/>){0,8}\b(?:RE|QT|RN|QN):\s{0,8}<a\b[^>]*>[^<]*<\/a>/g;

/** A sanitised text without the line that says what it quotes: where it is shown that is known. */
export function withoutQuoteLine(html: string): string {
  return html.replace(ownParagraph, '').replace(atLineEnd, '');
}
