import { createUrls } from '../urls.ts';
import type { ImageView, PostView, ProfileView, SiteView } from './view-models.ts';

/*
 * What a page says about itself to search engines.
 * Source: schema.org, and the JSON-LD that Google's documentation on structured data for articles and profiles reads.
 */

const context = 'https://schema.org';

function absolute(origin: string, url: string): string {
  return new URL(url, origin).href;
}

function imageObject(origin: string, image: ImageView): object {
  return {
    '@type': 'ImageObject',
    url: absolute(origin, image.url),
    ...(image.width !== null && { width: image.width, height: image.height }),
  };
}

/** The site, for its first page. */
export function siteData(origin: string, site: SiteView): object {
  return {
    '@context': context,
    '@type': 'Blog',
    name: site.title,
    ...(site.tagline !== '' && { description: site.tagline }),
    url: createUrls(origin).home(),
    inLanguage: site.language,
  };
}

/** A post with its author. */
export function postData(
  origin: string,
  site: SiteView,
  post: PostView,
  facts: { summary: string; updatedAt: string },
): object {
  return {
    '@context': context,
    '@type': 'BlogPosting',
    headline: post.title ?? post.label,
    description: facts.summary,
    url: absolute(origin, post.url),
    mainEntityOfPage: absolute(origin, post.url),
    inLanguage: post.language,
    ...(post.published && { datePublished: post.published.iso }),
    dateModified: facts.updatedAt,
    author: {
      '@type': 'Person',
      name: post.author.name,
      ...(post.author.url && { url: absolute(origin, post.author.url) }),
    },
    publisher: { '@type': 'Organization', name: site.title, url: `${origin}/` },
    ...(post.image && { image: imageObject(origin, post.image) }),
    ...(post.tags.length > 0 && { keywords: post.tags.map((tag) => tag.title).join(', ') }),
  };
}

/** Somebody's own page. */
export function profileData(origin: string, profile: ProfileView, description: string): object {
  return {
    '@context': context,
    '@type': 'ProfilePage',
    mainEntity: {
      '@type': 'Person',
      name: profile.name,
      alternateName: profile.username,
      ...(profile.url && { url: absolute(origin, profile.url) }),
      ...(description !== '' && { description }),
      ...(profile.avatar.url && { image: absolute(origin, profile.avatar.url) }),
      ...(profile.links.length > 0 && { sameAs: profile.links.map((link) => link.url) }),
    },
  };
}
