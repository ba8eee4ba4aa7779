import { absoluteUrls } from '../content/absolute-urls.ts';
import { excerptOf } from '../content/excerpt.ts';
import { renderMarkdown } from '../content/markdown.ts';
import type { SafeHtml } from '../content/safe-html.ts';
import { type Heading, tableOfContents } from '../content/table-of-contents.ts';
import type { Deps } from '../deps.ts';
import { findMedia, findMediaByFiles, mediumFile, mediumUrl } from '../media/media-store.ts';
import type { Medium } from '../media/medium.ts';
import type { Post } from './post.ts';

type RenderDeps = Pick<Deps, 'db' | 'config' | 'hooks'>;

/** A post's text, ready for a page. */
export type RenderedText = {
  html: SafeHtml;
  headings: Heading[];
  /** Our own pictures in the text, in order. */
  images: Medium[];
  /** Our own sounds and films in the text, in order. */
  recordings: Medium[];
};

/** The files of our own media that a text names. */
function filesIn(markdown: string, origin: string): string[] {
  const files = new Set<string>();
  for (const match of markdown.matchAll(/(?:^|[\s("'<])((?:https?:\/\/[^\s/]+)?\/media\/[^\s)"'>]+)/g)) {
    const file = mediumFile(origin, match[1] ?? '');
    if (file) files.add(file);
  }
  return [...files];
}

/**
 * Makes a post's text: Markdown, our pictures with their sizes, then whatever plugins change.
 * @param options `idPrefix` keeps the ids of several posts on one page apart; `place` is told to plugins
 */
export async function renderPost(
  deps: RenderDeps,
  post: Post,
  { idPrefix, place = 'page' }: { idPrefix?: string; place?: 'page' | 'elsewhere' } = {},
): Promise<RenderedText> {
  const files = filesIn(post.bodyMarkdown, deps.config.origin);
  const media = await findMediaByFiles(deps.db, files);
  const byFile = new Map(media.map((medium) => [medium.file, medium]));
  const images: Medium[] = [];
  const recordings = files.flatMap((file) => byFile.get(file) ?? []).filter(isRecording);
  const html = renderMarkdown(post.bodyMarkdown, {
    headingIds: true,
    player: (url) => kindOf(byFile.get(mediumFile(deps.config.origin, url) ?? '')),
    ...(idPrefix !== undefined && { idPrefix }),
    image: (url) => {
      const medium = byFile.get(mediumFile(deps.config.origin, url) ?? '');
      if (!medium || medium.width === null || medium.height === null) return null;
      if (!images.includes(medium)) images.push(medium);
      return {
        width: medium.width,
        height: medium.height,
        srcset:
          medium.variants.map((variant) => `/media/${variant.file} ${variant.width}w`).join(', ') || null,
      };
    },
  });
  const filtered = await deps.hooks.filters.apply('post.html', html, { postId: post.id, place });
  return { html: filtered, headings: tableOfContents(filtered), images, recordings };
}

function isRecording({ mimeType }: Medium): boolean {
  return mimeType.startsWith('audio/') || mimeType.startsWith('video/');
}

function kindOf(medium: Medium | undefined): { kind: 'audio' | 'video' } | null {
  if (!medium || !isRecording(medium)) return null;
  return { kind: medium.mimeType.startsWith('audio/') ? 'audio' : 'video' };
}

/** A post's text and media with absolute addresses. */
export type RenderedForElsewhere = {
  html: SafeHtml;
  excerpt: string;
  images: (Medium & { url: string })[];
  recordings: (Medium & { url: string })[];
};

/** The text with every address absolute, for feeds and other readers far from the page. */
export async function renderPostForElsewhere(deps: RenderDeps, post: Post): Promise<RenderedForElsewhere> {
  const text = await renderPost(deps, post, { place: 'elsewhere' });
  const lead = post.imageId ? await findMedia(deps.db, [post.imageId]) : [];
  const all = [...lead, ...text.images.filter((image) => image.id !== post.imageId)];
  const withUrl = (medium: Medium) => ({ ...medium, url: mediumUrl(deps.config, medium) });
  return {
    html: absoluteUrls(text.html, `${deps.config.origin}/${post.slug}`),
    excerpt: summaryOf(post, text.html),
    images: all.map(withUrl),
    recordings: text.recordings.map(withUrl),
  };
}

/** What a post is about in a few words: as the writer put it, else the beginning of the text. Plain, at most 500 characters. */
export function summaryOf(post: Pick<Post, 'excerpt'>, html: SafeHtml): string {
  return post.excerpt ? excerptOf(post.excerpt, 500) : excerptOf(html, 300);
}
