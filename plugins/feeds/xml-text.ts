/**
 * A text without the characters that no XML document may hold: most control characters, halves of
 * surrogate pairs and the two that are no characters at all. One of them makes a reader refuse the whole feed.
 * Source: Extensible Markup Language (XML) 1.0, section 2.2, https://www.w3.org/TR/xml/#charsets
 */
export function xmlText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to be removed
  return text.toWellFormed().replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '');
}

/**
 * A document without the line breaks that feedsmith puts around quoted (CDATA) text: they would become part of
 * names and titles. A quoted part cannot hold its own end, so none is taken apart.
 */
export function closeUpQuotes(xml: string): string {
  return xml.replace(/\s{0,99}(<!\[CDATA\[[\s\S]*?\]\]>)\s{0,99}/g, '$1');
}
