import type { FederationContext } from '../context.ts';
import { findLocalObject, type LocalObject } from '../objects/find-object.ts';
import { findSharedPost } from '../objects/shared-post.ts';

/**
 * The post or comment that an address speaks of: one of ours by its id or its page, or a comment from elsewhere by the id
 * that it has there. The scheme, the case of the host, a missing port and a slash at the end make no difference for our
 * own addresses.
 */
export async function findTarget(context: FederationContext, iri: string): Promise<LocalObject | null> {
  const own = asOwnAddress(context.origin, iri);
  if (own !== null) return findLocalObject(context, own);
  const comment = await context.comments.findReceived(iri);
  const post = comment && (await findSharedPost(context, comment.postId));
  return comment && post ? { kind: 'comment', comment, post } : null;
}

/** An address of ours as we write it; null for others. */
export function asOwnAddress(origin: string, iri: string): string | null {
  const url = URL.parse(iri);
  const own = new URL(origin);
  if (!url || url.hostname !== own.hostname || (url.port !== own.port && url.port !== '')) return null;
  return `${origin}${url.pathname.replace(/(?<=.)\/$/, '')}${url.hash}`;
}
