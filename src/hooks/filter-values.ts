import { z } from 'zod';
import { isSafeHtml } from '../content/safe-html.ts';
import type { FilterName } from './types.ts';

const safeHtml = z.custom(isSafeHtml, 'SafeHtml is expected');
const text = z.string();
/** What fits into a header field of an answer. */
const fieldName = z.string().regex(/^[!#$%&'*+.^_`|~\w-]+$/, 'a header field is expected');
const fieldValue = z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'one line of Latin letters is expected');

/** What each filter's value must be, so that a listener's mistake is found where it is made and not in the page. */
export const filterValues: { readonly [N in FilterName]?: z.ZodType } = {
  'post.html': safeHtml,
  'page.head': z.array(z.object({ tag: text, attributes: z.record(text, text) })),
  'page.headers': z.record(fieldName, fieldValue),
  'page.slot': z.array(safeHtml),
  'author.addresses': z.array(z.object({ label: text, value: text, url: text })),
  'people.suggested': z.array(z.object({ handle: text, name: text, avatarUrl: text.nullable() })),
  'comment.decision': z.object({ status: z.enum(['pending', 'approved', 'spam']), note: text.nullable() }),
  'feed.item': z.object({ title: text, html: text, categories: z.array(text) }),
};

/**
 * Checks what a listener gave back. The value of a plugin's own filter is that plugin's business, but it must be one.
 * @throws Error that names the filter, the plugin and what is wrong
 */
export function checkFilterValue(plugin: string, name: string, value: unknown): void {
  if (value === undefined) {
    throw new Error(`the filter ${name} of ${plugin} returned nothing; return the value, changed or not`);
  }
  const parsed = isCoreFilter(name) ? filterValues[name]?.safeParse(value) : undefined;
  if (!parsed || parsed.success) return;
  const [issue] = parsed.error.issues;
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  throw new Error(`the filter ${name} of ${plugin} returned what cannot be used${where}: ${issue?.message}`);
}

function isCoreFilter(name: string): name is FilterName {
  return Object.hasOwn(filterValues, name);
}
