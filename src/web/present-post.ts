import { excerptOf, readingMinutes, wordCount } from '../content/excerpt.ts';
import type { SafeHtml } from '../content/safe-html.ts';
import { textOf } from '../content/sanitise.ts';
import type { WebDeps } from '../http/server.ts';
import type { Post, Term } from '../posts/post.ts';
import { findNeighbours } from '../posts/post-store.ts';
import { type RenderedText, renderPost, summaryOf } from '../posts/render-post.ts';
import { mayEditPost, type User } from '../users/user.ts';
import { findUser } from '../users/user-store.ts';
import { presentAuthorCard } from './present-author.ts';
import { findImages } from './present-image.ts';
import { directionOf } from './present-language.ts';
import { paths, type SiteFrame } from './present-page.ts';
import type { HeadingView, LinkView, PostView } from './view-models.ts';

const longWords = 600;
const initialWords = 300;
const fewestHeadings = 3;
const dayMs = 24 * 3_600_000;

/** What to call a post where a title is needed and it has none: the beginning of its text. */
export function labelOf(post: Pick<Post, 'title'>, html: SafeHtml): string {
  return post.title || excerptOf(html, 60) || 'A post without words';
}

function presentTerms(terms: readonly Term[], path: (slug: string) => string): LinkView[] {
  return terms.map((term) => ({ title: term.name, url: path(term.slug) }));
}

/** The table of contents: only for a text long enough to get lost in. */
function presentHeadings({ headings }: RenderedText, words: number): HeadingView[] {
  if (headings.length < fewestHeadings || words < longWords) return [];
  return headings.map(({ id, text, level }) => ({ id, text, depth: level }));
}

/** A large initial stands well before a long text in an alphabet that has capitals, and nowhere else. */
function deservesInitial(post: Post, html: SafeHtml, words: number): boolean {
  if (post.title === '' || words < initialWords || !html.toString().startsWith('<p>')) return false;
  return /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u.test(textOf(html.toString()).trimStart());
}

/** When the text was last changed, where that is at least a day after it came out. */
function changedAt(post: Post): string | null {
  if (post.publishedAt === null) return null;
  return Date.parse(post.updatedAt) - Date.parse(post.publishedAt) >= dayMs ? post.updatedAt : null;
}

async function presentNeighbours(
  deps: WebDeps,
  post: Post,
): Promise<{ previous: LinkView | null; next: LinkView | null }> {
  if (post.type === 'page' || post.status !== 'published') return { previous: null, next: null };
  const found = await findNeighbours(deps.db, post);
  const link = async (neighbour: Post | null): Promise<LinkView | null> =>
    neighbour && {
      title: neighbour.title || labelOf(neighbour, (await renderPost(deps, neighbour)).html),
      url: paths.post(neighbour),
    };
  return { previous: await link(found.previous), next: await link(found.next) };
}

/** A post or page in full, with a summary of it for the head. */
export async function presentPost(
  deps: WebDeps,
  { settings, print }: SiteFrame,
  { post, viewer }: { post: Post; viewer: User | null },
): Promise<{ view: PostView; summary: string }> {
  const text = await renderPost(deps, post);
  const words = wordCount(text.html);
  const author = await findUser(deps.db, post.authorId);
  const images = await findImages(deps, [post.imageId]);
  const changed = changedAt(post);
  const language = post.language ?? settings.language;
  const view: PostView = {
    id: post.id,
    url: paths.post(post),
    title: post.title || null,
    label: labelOf(post, text.html),
    standfirst: post.excerpt.trim() || null,
    html: text.html,
    image: images.get(post.imageId ?? '') ?? null,
    author: await presentAuthorCard(deps, author),
    published: post.publishedAt === null ? null : print.day(post.publishedAt),
    updated: changed === null ? null : print.day(changed),
    minutes: readingMinutes(text.html),
    tags: presentTerms(post.tags, paths.tag),
    categories: presentTerms(post.categories, paths.category),
    headings: presentHeadings(text, words),
    hasInitial: deservesInitial(post, text.html, words),
    language,
    direction: directionOf(language),
    editUrl: mayEditPost(viewer, post) ? `/admin/${post.type}s/${post.id}` : null,
    ...(await presentNeighbours(deps, post)),
  };
  return { view, summary: summaryOf(post, text.html) };
}
