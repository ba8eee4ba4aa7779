import type { Post, PostStatus, PostType } from '../posts/post.ts';
import type { TimePrinter } from './present-time.ts';
import type { PagerView, PostRowView, PostsView, TabView } from './view-models.ts';

/** What the states of a post are called. */
export const statusWords: Readonly<Record<PostStatus, string>> = {
  draft: 'Draft',
  review: 'For review',
  scheduled: 'Scheduled',
  published: 'Published',
  private: 'Private',
  trash: 'In the trash',
};

/** The tabs above the list, in this order; `all` leaves out the trash. */
const tabs: readonly { key: string; label: string; statuses: readonly PostStatus[] }[] = [
  { key: 'all', label: 'All', statuses: ['draft', 'review', 'scheduled', 'published', 'private'] },
  { key: 'draft', label: 'Drafts', statuses: ['draft'] },
  { key: 'review', label: 'For review', statuses: ['review'] },
  { key: 'scheduled', label: 'Scheduled', statuses: ['scheduled'] },
  { key: 'published', label: 'Published', statuses: ['published'] },
  { key: 'private', label: 'Private', statuses: ['private'] },
  { key: 'trash', label: 'Trash', statuses: ['trash'] },
];

/** How many posts one page of the list shows. */
export const postsOnAPage = 30;

/** The states that a tab stands for; those of `all` for an unknown one. */
export function statusesOfTab(key: string): { key: string; statuses: readonly PostStatus[] } {
  return tabs.find((tab) => tab.key === key) ?? { key: 'all', statuses: tabs[0]?.statuses ?? [] };
}

/** What to call a post: its title, or how its text begins. */
export function nameOf(post: Pick<Post, 'title' | 'bodyMarkdown'>): string {
  if (post.title !== '') return post.title;
  const opening = post.bodyMarkdown
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[#>*_`~\s]+/g, ' ')
    .trim();
  if (opening === '') return 'Untitled';
  return opening.length > 60 ? `${opening.slice(0, 60).trimEnd()}…` : opening;
}

/** The public address of a post's page, below the site's origin. */
export function pathOf(post: Pick<Post, 'slug'>): string {
  return `/${post.slug}`;
}

/** Earlier and later pages of a list with numbers. */
function numberedPager(
  base: string,
  query: Readonly<Record<string, string>>,
  { page, pages }: { page: number; pages: number },
): PagerView {
  const at = (number: number) => `${base}?${new URLSearchParams({ ...query, page: String(number) })}`;
  return {
    previous: page > 1 ? at(page - 1) : null,
    next: page < pages ? at(page + 1) : null,
    text: pages > 1 ? `Page ${page} of ${pages}` : '',
  };
}

function presentRow(
  post: Post,
  {
    author,
    comments,
    print,
    editable,
  }: { author: string; comments: number; print: TimePrinter; editable: boolean },
): PostRowView {
  let whenText = 'Changed';
  let when = post.updatedAt;
  if (post.status === 'published' && post.publishedAt) [whenText, when] = ['Published', post.publishedAt];
  if (post.status === 'scheduled' && post.scheduledAt) [whenText, when] = ['Goes out', post.scheduledAt];
  return {
    id: post.id,
    title: nameOf(post),
    href: `/admin/${post.type}s/${post.id}`,
    url: post.status === 'published' ? pathOf(post) : null,
    status: post.status,
    statusText: statusWords[post.status],
    author,
    when: print(when),
    whenText,
    tags: post.tags.map((tag) => tag.name),
    comments,
    editable,
  };
}

type ListInput = {
  type: PostType;
  tab: string;
  query: string;
  page: number;
  total: number;
  counts: Readonly<Record<PostStatus, number>>;
  posts: readonly Post[];
  authorNames: ReadonlyMap<string, string>;
  comments: ReadonlyMap<string, number>;
  isEditable: (post: Post) => boolean;
  print: TimePrinter;
};

function emptyWords(type: PostType, tab: string, query: string): PostsView['empty'] {
  if (query !== '')
    return {
      title: 'Nothing found',
      text: `Nothing here has “${query}” in its title or text.`,
      action: null,
    };
  if (tab === 'trash')
    return {
      title: 'The trash is empty',
      text: 'What you throw away waits here, and can be put back.',
      action: null,
    };
  if (tab !== 'all')
    return { title: 'Nothing here', text: 'No post is in this state at the moment.', action: null };
  if (type === 'page') {
    const text =
      'Pages stand by themselves: about you, an imprint, a list of favourites. They do not go out to followers.';
    return { title: 'No pages yet', text, action: { label: 'New page', href: '/admin/pages/new' } };
  }
  const text = 'The first post need not be good, only finished. Start with what you would tell a friend.';
  return { title: 'Nothing written yet', text, action: { label: 'Write', href: '/admin/posts/new' } };
}

/** The list of posts or pages. */
export function presentPosts(input: ListInput): PostsView {
  const { type, tab, query, posts, counts } = input;
  const collection = `${type}s`;
  const noun = type;
  const tabViews: TabView[] = tabs
    .map(({ key, label, statuses }) => ({
      key,
      label,
      href: `/admin/${collection}?status=${key}`,
      count: statuses.reduce((sum, status) => sum + counts[status], 0),
      current: key === tab,
    }))
    .filter(
      (view) => view.count > 0 || view.current || ['all', 'draft', 'published', 'trash'].includes(view.key),
    );
  const inTrash = tab === 'trash';
  return {
    type,
    collection,
    noun,
    tabs: tabViews,
    status: tab,
    query,
    rows: posts.map((post) =>
      presentRow(post, {
        author: input.authorNames.get(post.authorId) ?? '',
        comments: input.comments.get(post.id) ?? 0,
        print: input.print,
        editable: input.isEditable(post),
      }),
    ),
    bulk: inTrash
      ? [
          { value: 'restore', label: 'Put back', confirm: null },
          {
            value: 'delete',
            label: 'Delete for good',
            confirm: 'Delete what is selected for good? This cannot be undone.',
          },
        ]
      : [{ value: 'trash', label: 'Move to the trash', confirm: null }],
    pager: numberedPager(
      `/admin/${collection}`,
      { status: tab, ...(query === '' ? {} : { q: query }) },
      { page: input.page, pages: Math.max(1, Math.ceil(input.total / postsOnAPage)) },
    ),
    empty: posts.length === 0 ? emptyWords(type, tab, query) : null,
  };
}
