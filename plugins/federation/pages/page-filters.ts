import type { AuthorAddress, HeadTag, PageSubject, SafeHtml } from 'outpost/plugin';
import { hadKey } from '../actors/keys.ts';
import { findAuthor } from '../actors/local-actors.ts';
import { actorIdOf, handleHost, handleOf, postIdOf } from '../addresses.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { countDeliveries } from '../delivery/delivery-list.ts';
import { countFollowers } from '../followers/follower-store.ts';
import { unknownAmong } from '../mentions/unknown-handles.ts';
import { handlesIn } from '../objects/mentions-out.ts';
import { findSharedPost } from '../objects/shared-post.ts';

/** What a page shows that other servers know: its object, and the author behind it. */
type Shown = { objectId: string; userId: string; username: string };

async function shownOn(context: FederationContext, subject: PageSubject): Promise<Shown | null> {
  if (subject.kind === 'author') {
    const user = await findAuthor(context, subject.userId);
    return user && { objectId: actorIdOf(context.origin, user.id), userId: user.id, username: user.username };
  }
  if (subject.kind !== 'post') return null;
  const post = await findSharedPost(context, subject.postId);
  const user = post ? await findAuthor(context, post.authorId) : null;
  return (
    user && post && { objectId: postIdOf(context.origin, post), userId: user.id, username: user.username }
  );
}

/** Leads servers and link cards from a page to its object and its author. */
export async function addHeadTags(
  tags: readonly HeadTag[],
  { subject }: { subject: PageSubject },
  context: FederationContext,
): Promise<readonly HeadTag[]> {
  const shown = await shownOn(context, subject);
  if (!shown) return tags;
  const creator = handleOf(context.origin, shown);
  return [
    ...tags,
    {
      tag: 'link',
      attributes: { rel: 'alternate', type: 'application/activity+json', href: shown.objectId },
    },
    { tag: 'meta', attributes: { name: 'fediverse:creator', content: creator } },
  ];
}

/** The same in the answer's header, for those who do not read the page. Source: RFC 8288 */
export async function addHeaders(
  headers: Readonly<Record<string, string>>,
  { subject }: { subject: PageSubject },
  context: FederationContext,
): Promise<Readonly<Record<string, string>>> {
  const shown = await shownOn(context, subject);
  if (!shown) return headers;
  const link = `<${shown.objectId}>; rel="alternate"; type="application/activity+json"`;
  return { ...headers, Link: headers.Link ? `${headers.Link}, ${link}` : link };
}

/** The handle under which an author is followed. */
export async function addAddress(
  addresses: readonly AuthorAddress[],
  { userId }: { userId: string },
  context: FederationContext,
): Promise<readonly AuthorAddress[]> {
  const user = await findAuthor(context, userId);
  if (!user) return addresses;
  const value = handleOf(context.origin, user);
  return [...addresses, { label: 'Fediverse', value, url: context.urls.author(user) }];
}

/** What has become of a post on other servers, beside it in the editor. */
async function postPanel(context: FederationContext, subject: PageSubject): Promise<SafeHtml[]> {
  if (subject.kind !== 'post') return [];
  const counts = await countDeliveries(tablesOf(context), { postId: subject.postId });
  const reactions = await context.reactions.count(subject.postId);
  const { delivered, queued, failed, abandoned } = counts;
  if (delivered + queued + failed + abandoned + reactions.like + reactions.boost === 0) return [];
  const panel = await context.views.render('admin/post-panel', {
    delivered,
    waiting: queued,
    failed: failed + abandoned,
    likes: reactions.like,
    boosts: reactions.boost,
    deliveriesHref: context.urls.admin(`deliveries/${subject.postId}`),
    reactionsHref: context.urls.admin(`posts/${subject.postId}`),
  });
  return [panel];
}

/** Names in a post's text under which nobody was found when it was last sent. */
async function unknownNote(context: FederationContext, subject: PageSubject): Promise<SafeHtml[]> {
  const post = subject.kind === 'post' ? await context.posts.find(subject.postId) : null;
  if (!post) return [];
  const { words } = await context.postFields(post.id);
  const handles = handlesIn(`${post.bodyMarkdown}\n${words}`, context.origin);
  const unknown = await unknownAmong(context, handles);
  return unknown.length === 0 ? [] : [await context.views.render('admin/unknown-handles', { unknown })];
}

/** How many on other servers dislike a post, where the owner wants that shown; never among the likes. */
async function dislikesLine(context: FederationContext, subject: PageSubject): Promise<SafeHtml[]> {
  if (subject.kind !== 'post' || !(await context.settings.get()).showDislikes) return [];
  const { dislike: count } = await context.reactions.count(subject.postId);
  return count === 0 ? [] : [await context.views.render('dislikes', { count })];
}

/** What it means on other servers that an account is deleted, before it is. */
async function farewellNote(context: FederationContext, subject: PageSubject): Promise<SafeHtml[]> {
  const user = subject.kind === 'author' ? await findAuthor(context, subject.userId) : null;
  if (!user || !(await hadKey(context, user.id))) return [];
  const followers = await countFollowers(tablesOf(context), user.id);
  return [
    await context.views.render('admin/farewell', { handle: handleOf(context.origin, user), followers }),
  ];
}

/** The box with which readers follow an author or answer from their own server. */
export async function fillSlot(
  parts: readonly SafeHtml[],
  { slot, subject }: { slot: string; subject: PageSubject },
  context: FederationContext,
): Promise<readonly SafeHtml[]> {
  if (slot === 'admin.home') return parts;
  if (slot === 'admin.post') return [...parts, ...(await postPanel(context, subject))];
  if (slot === 'admin.text') return [...parts, ...(await unknownNote(context, subject))];
  if (slot === 'admin.user') return [...parts, ...(await farewellNote(context, subject))];
  const shown = await shownOn(context, subject);
  if (!shown) return parts;
  const handle = handleOf(context.origin, shown);
  const data = { name: shown.username, host: handleHost(context.origin), handle };
  if (slot === 'comments.before_form') {
    if (subject.kind !== 'post') return parts;
    return [
      ...parts,
      await context.views.render('answer-box', { ...data, action: `/ap/answer/${subject.postId}` }),
    ];
  }
  return [
    ...parts,
    ...(await dislikesLine(context, subject)),
    await context.views.render('follow-box', { ...data, action: `/ap/follow/${shown.userId}` }),
  ];
}
