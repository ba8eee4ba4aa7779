import { nameHtml } from '../content/emoji-html.ts';
import { renderMarkdown } from '../content/markdown.ts';
import type { SafeHtml } from '../content/safe-html.ts';
import type { WebDeps } from '../http/server.ts';
import { isAuthor, type User } from '../users/user.ts';
import { findImages, smallUrl } from './present-image.ts';
import { paths } from './present-page.ts';
import { presentAddress, presentAvatar } from './present-person.ts';
import type {
  AddressView,
  AuthorCardView,
  ImageView,
  LinkView,
  PersonView,
  ProfileView,
} from './view-models.ts';

/** Somebody whose account is gone, where their words stayed. */
const nobody: PersonView = {
  name: 'Somebody',
  nameHtml: nameHtml('Somebody', new Map()),
  url: null,
  handle: null,
  host: null,
  avatar: presentAvatar('?', null),
};

/** A user as everybody may see them: the name, the page where there is one, the face. */
export function presentUser(user: User | null | undefined, avatar: ImageView | undefined): PersonView {
  if (!user) return nobody;
  return {
    name: user.name,
    nameHtml: nameHtml(user.name, new Map()),
    url: isAuthor(user) ? paths.author(user) : null,
    handle: null,
    host: null,
    avatar: presentAvatar(user.name, smallUrl(avatar)),
  };
}

function presentBio(user: User): SafeHtml | null {
  return user.bio.trim() === '' ? null : renderMarkdown(user.bio);
}

async function loadAddresses(deps: Pick<WebDeps, 'hooks'>, user: User): Promise<AddressView[]> {
  if (!isAuthor(user)) return [];
  return (await deps.hooks.filters.apply('author.addresses', [], { userId: user.id })).map(presentAddress);
}

/** Links that a browser may follow, with the label or else the address in short. */
function presentLinks(user: User): LinkView[] {
  return user.links
    .filter(({ url }) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))
    .map(({ label, url }) => ({ title: label || url.replace(/^https?:\/\/(www\.)?|\/$/g, ''), url }));
}

/** The author as the end of a post shows them. */
export async function presentAuthorCard(deps: WebDeps, user: User | null): Promise<AuthorCardView> {
  if (!user) return { ...nobody, bio: null, addresses: [] };
  const images = await findImages(deps, [user.avatarId]);
  return {
    ...presentUser(user, images.get(user.avatarId ?? '')),
    bio: presentBio(user),
    addresses: await loadAddresses(deps, user),
  };
}

/** Somebody's own page, with the number of their public posts. */
export async function presentProfile(deps: WebDeps, user: User, count: number): Promise<ProfileView> {
  const images = await findImages(deps, [user.avatarId, user.headerId]);
  const avatar = images.get(user.avatarId ?? '');
  return {
    ...presentUser(user, avatar),
    username: user.username,
    bio: presentBio(user),
    addresses: await loadAddresses(deps, user),
    header: images.get(user.headerId ?? '') ?? null,
    links: presentLinks(user),
    count,
  };
}
