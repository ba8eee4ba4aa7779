/** Something that an author is told by mail. */
export type News =
  | { kind: 'followers'; names: readonly string[]; total: number }
  | { kind: 'comments'; from: readonly { name: string; postTitle: string; text: string }[]; total: number }
  | { kind: 'quotes'; from: readonly { name: string; postTitle: string }[]; total: number }
  | { kind: 'mentions'; from: readonly { name: string; isPrivate: boolean }[]; total: number }
  | { kind: 'failures'; posts: readonly { title: string; servers: readonly string[] }[]; total: number };

/** How many are listed; the page that the mail links to has all of them. */
const mostLines = 10;

/**
 * The mail that tells of some news: what happened, and where to look. Private messages are not quoted, since mail is
 * read by others on its way.
 * @param link the page in the admin
 */
export function composeNotice(news: News, link: string): { subject: string; text: string } {
  const { subject, lines } = contentOf(news);
  const listed = lines.slice(0, mostLines);
  const rest = news.total - listed.length;
  const text = [
    `${subject}.`,
    '',
    ...listed.map((line) => `- ${line}`),
    ...(rest > 0 ? [`- and ${rest} more`] : []),
    '',
    link,
    '',
    'Which mails you get is set on the page of the plugin Federation.',
  ];
  return { subject, text: text.join('\n') };
}

function contentOf(news: News): { subject: string; lines: string[] } {
  const { total } = news;
  switch (news.kind) {
    case 'followers':
      return { subject: count(total, 'new follower'), lines: [...news.names] };
    case 'comments':
      return {
        subject: `${count(total, 'answer')} from other servers ${total === 1 ? 'waits' : 'wait'} for you`,
        lines: news.from.map(({ name, postTitle, text }) => `${name} on “${postTitle}”: ${shortened(text)}`),
      };
    case 'quotes':
      return {
        subject: `${count(total, 'quote')} of your posts ${total === 1 ? 'waits' : 'wait'} for you`,
        lines: news.from.map(({ name, postTitle }) => `${name} quotes “${postTitle}”`),
      };
    case 'mentions':
      return {
        subject: `${count(total, 'message')} from other servers`,
        lines: news.from.map(
          ({ name, isPrivate }) => `${name} ${isPrivate ? 'wrote to you privately' : 'mentioned you'}`,
        ),
      };
    case 'failures':
      return {
        subject: `${count(total, 'post')} could not be delivered everywhere`,
        lines: news.posts.map(({ title, servers }) => `“${title}”: ${servers.slice(0, 5).join(', ')}`),
      };
  }
}

function count(total: number, one: string): string {
  return `${total} ${one}${total === 1 ? '' : 's'}`;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
