import { renderMarkdown } from '../content/markdown.ts';
import { sanitiseProfileHtml, textOf } from '../content/sanitise.ts';
import type { Deps } from '../deps.ts';
import { findMedium, mediumUrl } from '../media/media-store.ts';
import { isAuthor, type User } from '../users/user.ts';
import type { PublicUser } from './capabilities.ts';

/** A user without what is nobody's business. */
export async function toPublicUser(deps: Pick<Deps, 'db' | 'config'>, user: User): Promise<PublicUser> {
  const picture = async (id: string | null) => {
    const medium = id === null ? null : await findMedium(deps.db, id);
    return medium && { ...medium, url: mediumUrl(deps.config, medium) };
  };
  const bioHtml = sanitiseProfileHtml(renderMarkdown(user.bio).toString());
  return {
    id: user.id,
    username: user.username,
    name: user.name,
    links: user.links,
    createdAt: user.createdAt,
    updatedAt: user.updatedAt,
    bioHtml,
    bioText: textOf(bioHtml),
    avatar: await picture(user.avatarId),
    header: await picture(user.headerId),
    isAuthor: isAuthor(user),
  };
}
