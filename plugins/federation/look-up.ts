import { NotFoundError, textOf, UnavailableError } from 'outpost/plugin';
import { fetchDocument, type NotFetched } from './actors/fetch-document.ts';
import { lookUpHandle } from './actors/look-up.ts';
import { fetchActor, type RemoteActor } from './actors/remote-actors.ts';
import type { FederationContext } from './context.ts';
import { readDocument } from './vocabulary/activity.ts';
import { isId } from './vocabulary/ids.ts';
import type { ForeignObject } from './vocabulary/object.ts';

/** An account or an object elsewhere, as it is understood here. */
export type Found = { kind: 'actor'; id: string } & Record<string, unknown>;
export type FoundObject = { kind: 'object'; id: string | null } & Record<string, unknown>;

/**
 * Looks something up elsewhere: an account by its handle or id, an object by its id.
 * @throws NotFoundError, UnavailableError
 */
export async function look(context: FederationContext, asked: string): Promise<Found | FoundObject> {
  if (!isId(asked)) return presentActor(await orThrow(asked, lookUpHandle(context, asked)));
  const document = await fetchDocument(context, asked);
  if (document.kind !== 'document') throw notFound(asked, document);
  const read = readDocument(document.json);
  if (read.kind === 'actor') {
    return presentActor(await orThrow(asked, fetchActor(context, read.actor.id, { maxAgeMs: 60_000 })));
  }
  if (read.kind === 'object') return presentObject(context, read.object);
  const reason =
    read.kind === 'refused' ? read.reason : 'That is an activity, neither an account nor a post.';
  throw new NotFoundError('federation.not_found', reason);
}

async function orThrow(asked: string, asking: ReturnType<typeof fetchActor>): Promise<RemoteActor> {
  const answer = await asking;
  if (answer.kind !== 'actor')
    throw notFound(asked, answer.kind === 'gone' ? { kind: 'gone', status: 410 } : answer);
  return answer.actor;
}

function notFound(asked: string, answer: NotFetched): NotFoundError | UnavailableError {
  if (answer.kind === 'gone') return new NotFoundError('federation.not_found', `${asked} is not there.`);
  if (answer.kind === 'refused')
    return new NotFoundError('federation.not_found', `${asked}: ${answer.reason}`);
  return new UnavailableError('federation.unreachable', `${asked} cannot be reached: ${answer.reason}`);
}

function presentActor(actor: RemoteActor): Found {
  const { id, type, handle, name, url, avatarUrl, inbox, sharedInbox, host, summaryHtml, fetchedAt } = actor;
  const summary = summaryHtml === null ? '' : textOf(summaryHtml);
  return {
    kind: 'actor',
    id,
    type,
    handle,
    name,
    summary,
    url,
    avatarUrl,
    inbox,
    sharedInbox,
    host,
    fetchedAt,
  };
}

function presentObject(context: FederationContext, object: ForeignObject): FoundObject {
  const { id, type, attributedTo, name, content, inReplyTo, url, visibility, language } = object;
  return {
    kind: 'object',
    id,
    type,
    attributedTo,
    name,
    text: content === null ? '' : textOf(context.comments.sanitise(content)),
    inReplyTo,
    url,
    visibility,
    language,
    publishedAt: object.published?.toISOString() ?? null,
    updatedAt: object.updated?.toISOString() ?? null,
  };
}
