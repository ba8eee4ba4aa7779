import type { RemoteActor } from '../actors/actor-store.ts';
import { activityIdOf, actorIdOf } from '../addresses.ts';
import type { FederationContext, FederationTransaction } from '../context.ts';
import { sendActivity } from '../delivery/send-activity.ts';
import { addressOf, requestOf } from '../quotes/authorization-store.ts';
import type { AuthorizationRow } from '../quotes/quote-tables.ts';
import { answerTo, authorizationOf, revocationOf } from '../vocabulary/authorization-out.ts';
import type { Json } from '../vocabulary/context-out.ts';

/** An authorization as others read it under its address. */
export function authorizationDocument(context: FederationContext, row: AuthorizationRow): Json {
  return authorizationOf(grantOf(context, row));
}

/** Tells somebody what was said to their request: the address of their authorization, or no. To them alone. */
export async function sendAnswer(
  context: FederationContext,
  trx: FederationTransaction,
  { row, actor }: { row: AuthorizationRow; actor: Pick<RemoteActor, 'inbox'> },
): Promise<void> {
  const deed = { id: activityIdOf(context.origin, context.newId()), actor: authorOf(context, row) };
  const result = row.state === 'accepted' ? addressOf(context, row) : null;
  const body = answerTo(deed, row.kind, { request: requestOf(row), result });
  await sendActivity(context, trx, {
    activity: { id: deed.id, type: String(body.type), body },
    userId: row.user_id,
    objectId: addressOf(context, row),
    to: { inboxes: [actor.inbox] },
  });
}

/** Tells somebody that their authorization is no longer good; their server tells those who have seen the quote. */
export async function sendRevocation(
  context: FederationContext,
  trx: FederationTransaction,
  { row, actor }: { row: AuthorizationRow; actor: Pick<RemoteActor, 'inbox'> },
): Promise<void> {
  const deed = { id: activityIdOf(context.origin, context.newId()), actor: authorOf(context, row) };
  await sendActivity(context, trx, {
    activity: { id: deed.id, type: 'Delete', body: revocationOf(deed, grantOf(context, row), row.actor_id) },
    userId: row.user_id,
    objectId: addressOf(context, row),
    to: { inboxes: [actor.inbox] },
  });
}

function authorOf(context: FederationContext, row: AuthorizationRow): string {
  return actorIdOf(context.origin, row.user_id);
}

function grantOf(context: FederationContext, row: AuthorizationRow) {
  return {
    id: addressOf(context, row),
    kind: row.kind,
    author: authorOf(context, row),
    objectId: row.object_id,
    targetId: row.target_id,
  };
}
