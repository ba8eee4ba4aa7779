import type { Json } from './context-out.ts';

/** What an object must know of a community to which it is addressed. */
export type CommunityInObject = { id: string; handle: string; kind: 'link' | 'address' | 'mention' };

/**
 * An object addressed to communities as well. Each is in `to` behind the public; `audience` names the first, which is the
 * one under which Lemmy and Mbin file a post, and is absent where there is none, since Lemmy refuses what names another
 * there than in `to`. Who does not look at addresses alone is mentioned. Lemmy shows the first attachment as the post's
 * link, so that the post's page comes first there.
 * Source: FEP-1b12; Lemmy, "Federation" (Page); Mbin, "ActivityPub"; guppe, README
 */
export function addressTo(object: Json, communities: readonly CommunityInObject[]): Json {
  const [first] = communities;
  if (!first) return object;
  const ids = communities.map(({ id }) => id);
  const tags = listOf(object.tag);
  const mentioned = new Set(tags.flatMap((tag) => hrefOf(tag) ?? []));
  const mentions = communities
    .filter(({ kind, id }) => kind === 'mention' && !mentioned.has(id))
    .map(({ id, handle }) => ({ type: 'Mention', href: id, name: handle }));
  const isPost = object.inReplyTo === undefined;
  const link = { type: 'Link', href: object.url, mediaType: 'text/html' };
  const attachments = listOf(object.attachment);
  return {
    ...object,
    to: [...new Set([...listOf(object.to), ...ids])],
    cc: listOf(object.cc).filter((id) => !ids.some((one) => one === id)),
    audience: first.id,
    tag: [...tags, ...mentions],
    ...(isPost && communities.some(({ kind }) => kind === 'link') && { attachment: [link, ...attachments] }),
  };
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function hrefOf(tag: unknown): string | null {
  const isMention = typeof tag === 'object' && tag !== null && 'type' in tag && tag.type === 'Mention';
  return isMention && 'href' in tag && typeof tag.href === 'string' ? tag.href : null;
}
