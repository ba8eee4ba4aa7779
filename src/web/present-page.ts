import type { Request } from 'express';
import { jsonForScript } from '../content/escape.ts';
import type { HeadTag, PageSubject, SlotName } from '../hooks/types.ts';
import type { WebDeps } from '../http/server.ts';
import { themeWords } from '../http/views.ts';
import type { Words } from '../http/words.ts';
import { listPosts } from '../posts/post-store.ts';
import { type SiteSettings, siteSettings } from '../settings/site-settings.ts';
import { createUrls } from '../urls.ts';
import { may } from '../users/user.ts';
import { accentUrl } from './accent-stylesheet.ts';
import { directionOf } from './present-language.ts';
import { createTimePrinter, type TimePrinter } from './present-time.ts';
import type {
  HeadTagView,
  ImageView,
  LinkView,
  PageView,
  SiteView,
  SlotsView,
  ViewerView,
} from './view-models.ts';

/** Addresses within the site, without the origin, so that links work under whatever name it is reached. */
export const paths = createUrls('');

/** What every page is made from. */
export type SiteFrame = { settings: SiteSettings; site: SiteView; print: TimePrinter; words: Words };

/** A page as its route describes it; everything else follows from the site. */
export type PageInput = {
  title: string;
  description: string;
  /** The path with the query that belongs to the page's identity. */
  path: string;
  kind: PageView['kind'];
  subject: PageSubject;
  image?: ImageView | null;
  jsonLd?: object | null;
  robots?: string | null;
  publishedAt?: string | null;
  modifiedAt?: string | null;
  authorName?: string | null;
  /** Elements of the head besides those that plugins add to every page. */
  head?: readonly HeadTag[];
};

const mostPagesInTheBar = 6;

async function presentNavigation(deps: Pick<WebDeps, 'db'>): Promise<LinkView[]> {
  const pages = await listPosts(deps.db, {
    type: 'page',
    status: 'published',
    order: 'created',
    limit: mostPagesInTheBar,
  });
  return pages
    .reverse()
    .filter((page) => page.title !== '')
    .map((page) => ({ title: page.title, url: paths.post(page) }));
}

/** The site's own words, colours and pages. */
export async function loadSite(deps: Pick<WebDeps, 'db'>): Promise<SiteFrame> {
  const settings = await siteSettings(deps.db);
  const site: SiteView = {
    title: settings.title,
    tagline: settings.tagline,
    url: paths.home(),
    language: settings.language,
    direction: directionOf(settings.language),
    accentUrl: accentUrl(settings.accentHue),
    navigation: await presentNavigation(deps),
  };
  return { settings, site, print: createTimePrinter(settings), words: themeWords(settings.language) };
}

/** An element for the head, unless its name or an attribute's is none that belongs there. */
function presentHeadTag({ tag, attributes }: HeadTag): HeadTagView | null {
  if (tag !== 'link' && tag !== 'meta') return null;
  const pairs = Object.entries(attributes).map(([name, value]) => ({ name, value: String(value) }));
  return pairs.every(({ name }) => /^[a-z][a-z-]*$/.test(name) && !name.startsWith('on'))
    ? { tag, attributes: pairs }
    : null;
}

/** The part of a page's data that describes it to machines, with what plugins add to its head. */
export async function presentPage(deps: WebDeps, { site }: SiteFrame, input: PageInput): Promise<PageView> {
  const { origin } = deps.config;
  const tags = await deps.hooks.filters.apply('page.head', [], { subject: input.subject, path: input.path });
  const image = input.image ?? null;
  return {
    title: input.title || site.title,
    description: input.description,
    url: input.path,
    canonical: `${origin}${input.path}`,
    kind: input.kind,
    image: image && { ...image, url: new URL(image.url, origin).href },
    head: [...(input.head ?? []), ...tags].map(presentHeadTag).filter((tag) => tag !== null),
    jsonLd: input.jsonLd ? jsonForScript(input.jsonLd) : null,
    robots: input.robots ?? null,
    publishedAt: input.publishedAt ?? null,
    modifiedAt: input.modifiedAt ?? null,
    authorName: input.authorName ?? null,
  };
}

/** Who is looking, for those who are signed in. */
export function presentViewer(req: Pick<Request, 'visitor'> | null): ViewerView | null {
  const visitor = req?.visitor;
  if (!visitor?.user || !visitor.session) return null;
  return {
    name: visitor.user.name,
    url: paths.author(visitor.user),
    csrf: visitor.session.csrfToken,
    mayWrite: may(visitor.user, 'posts.write'),
    mayModerate: may(visitor.user, 'comments.moderate'),
  };
}

/** What plugins put into a page's places; empty where the page has none of them. */
export async function presentSlots(
  deps: Pick<WebDeps, 'hooks'>,
  subject: PageSubject,
  wanted: readonly Exclude<SlotName, `admin.${string}`>[],
): Promise<SlotsView> {
  const slots: SlotsView = { 'post.end': [], 'author.header': [], 'comments.before_form': [] };
  for (const slot of wanted)
    slots[slot] = [...(await deps.hooks.filters.apply('page.slot', [], { slot, subject }))];
  return slots;
}
