import type { HeadTag, PageSubject } from 'outpost/plugin';
import type { FeedsContext } from './context.ts';
import { feedFormatNames, feedFormats } from './feed.ts';
import { feedTitle, feedUrl, subjectOfPage } from './subjects.ts';

/** Adds what lets a reader find the feeds of the page that it was given. */
export async function addDiscovery(
  tags: readonly HeadTag[],
  { subject: page }: { subject: PageSubject },
  context: FeedsContext,
): Promise<readonly HeadTag[]> {
  const subject = await subjectOfPage(context, page);
  if (!subject) return tags;
  const title = feedTitle(subject, (await context.site()).title);
  const links = feedFormatNames.map((format): HeadTag => {
    const { type, label } = feedFormats[format];
    const attributes = {
      rel: 'alternate',
      type,
      title: `${title} (${label})`,
      href: feedUrl(context, subject, format),
    };
    return { tag: 'link', attributes };
  });
  return [...tags, ...links];
}
