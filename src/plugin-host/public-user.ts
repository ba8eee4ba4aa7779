import { LRUCache } from 'lru-cache';
import { renderMarkdown } from '../content/markdown.ts';
import { sanitiseProfileHtml, textOf } from '../content/sanitise.ts';
import type { Deps } from '../deps.ts';
import { findMedium, mediumUrl } from '../media/media-store.ts';
import { isAuthor, type User } from '../users/user.ts';
import type { PublicUser } from './capabilities.ts';

/** Texts about people as they are shown; each is asked for with every answer that arrives. */
const bios = new LRUCache<string, Pick<PublicUser, 'bioHtml' | 'bioText'>>({ max: 200 });

function renderBio(markdown: string): Pick<PublicUser, 'bioHtml' | 'bioText'> {
  const known = bios.get(markdown);
  if (known) return known;
  const bioHtml = sanitiseProfileHtml(renderMarkdown(markdown).toString());
  const bio = { bioHtml, bioText: textOf(bioHtml) };
  bios.set(markdown, bio);
  return bio;
}

/** A user without what is nobody's business. */
export async function toPublicUser(deps: Pick<Deps, 'db' | 'config'>, user: User): Promise<PublicUser> {
  const picture = async (id: string | null) => {
    const medium = id === null ? null : await findMedium(deps.db, id);
    return medium && { ...medium, url: mediumUrl(deps.config, medium) };
  };
  return {
    id: user.id,
    username: user.username,
    name: user.name,
    links: user.links,
    createdAt: user.createdAt,
    updatedAt: user.updatedAt,
    ...renderBio(user.bio),
    avatar: await picture(user.avatarId),
    header: await picture(user.headerId),
    isAuthor: isAuthor(user),
  };
}
