import { ForbiddenError, NotFoundError, type Post, type RouteRequest, type User } from 'outpost/plugin';
import type { RemoteActor } from '../actors/actor-store.ts';
import type { FederationContext } from '../context.ts';
import { nameWithoutEmojis } from '../emoji/custom-emojis.ts';

/** A moment for a page. */
export type TimeView = { iso: string; text: string };

/** Somebody elsewhere in a list. */
export type PersonView = {
  id: string;
  name: string;
  handle: string;
  url: string;
  avatarUrl: string | null;
  initial: string;
};

/** One of the places that the pages of this plugin link to each other. */
export type PlaceView = { label: string; href: string; current: boolean };

const day = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

/** @param iso ISO 8601 */
export function timeView(iso: string): TimeView;
export function timeView(iso: string | null): TimeView | null;
export function timeView(iso: string | null): TimeView | null {
  return iso === null ? null : { iso, text: `${day.format(new Date(iso))} UTC` };
}

/** Somebody elsewhere; who is not kept any more is shown by their id. */
export function personView(
  context: Pick<FederationContext, 'urls'>,
  id: string,
  actor: RemoteActor | undefined,
): PersonView {
  const name = actor ? nameWithoutEmojis(actor.name, actor.emojis, actor.preferredUsername) : id;
  return {
    id,
    name,
    handle: actor?.handle ?? id,
    url: actor?.url ?? id,
    avatarUrl: faceUrl(context, actor?.avatarUrl ?? null),
    initial: [...name.replace(/^https?:\/\//, '')][0]?.toUpperCase() ?? '?',
  };
}

/** The face of somebody elsewhere, from this site. */
export function faceUrl({ urls }: Pick<FederationContext, 'urls'>, avatarUrl: string | null): string | null {
  return avatarUrl === null ? null : urls.picture('face', avatarUrl);
}

const places = [
  { path: '', label: 'Followers', isForAdmins: false },
  { path: 'following', label: 'Following', isForAdmins: false },
  { path: 'account', label: 'Your account', isForAdmins: false },
  { path: 'messages', label: 'Messages', isForAdmins: false },
  { path: 'quotes', label: 'Quotes', isForAdmins: false },
  { path: 'deliveries', label: 'Deliveries', isForAdmins: false },
  { path: 'servers', label: 'Other servers', isForAdmins: true },
  { path: 'blocks', label: 'Blocks', isForAdmins: true },
] as const;

/** The pages of this plugin that somebody may open, with the one that is open. */
export function placesFor(context: FederationContext, user: User, current: string): PlaceView[] {
  return places
    .filter(({ isForAdmins }) => !isForAdmins || user.role === 'admin')
    .map(({ path, label }) => ({ label, href: context.urls.admin(path), current: path === current }));
}

/** Who is signed in; the host has let nobody else through. */
export function signedIn(request: RouteRequest): User {
  if (!request.user) throw new ForbiddenError('federation.signed_out', 'Sign in first.');
  return request.user;
}

/**
 * The post that a page is about, for its author and for those who may edit it.
 * @throws NotFoundError
 */
export async function postFor(request: RouteRequest, context: FederationContext): Promise<Post> {
  const user = signedIn(request);
  const post = await context.posts.find(request.params.postId ?? '');
  const maySee = post?.authorId === user.id || user.role === 'admin' || user.role === 'editor';
  if (!post || !maySee) throw new NotFoundError('post.not_found', 'There is no such post of yours.');
  return post;
}

/** A post's title in a list, or how its text begins. */
export function titleOf(post: Pick<Post, 'title' | 'bodyMarkdown'>): string {
  if (post.title !== '') return post.title;
  const opening = post.bodyMarkdown
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[#>*_`~\s]+/g, ' ')
    .trim();
  if (opening.length <= 60) return opening || 'Untitled';
  return `${opening.slice(0, 60).replace(/\s+\S*$/, '')}…`;
}

/** A value of a submitted form. */
export function field(request: RouteRequest, name: string): string {
  const value = request.form[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}
