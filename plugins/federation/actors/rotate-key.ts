import { NotFoundError } from 'outpost/plugin';
import { activityIdOf, actorIdOf, keyIdOf, SITE, signerIdOf } from '../addresses.ts';
import type { FederationContext } from '../context.ts';
import { sendActivity } from '../delivery/send-activity.ts';
import type { FederationTables } from '../tables.ts';
import { updateOf } from '../vocabulary/activities.ts';
import { keyMembers } from '../vocabulary/person.ts';
import { actorDocument } from './actor-documents.ts';
import { makeKeys, reopenKeys, replaceKeys } from './keys.ts';
import { findAuthor } from './local-actors.ts';

/** What a change of keys has done; `servers` is how many are told of it. */
export type Rotation = { actor: string; keyId: string; publicKeyPem: string; servers: number };

/**
 * Gives an author, or the site (`site`), new keys under the old names. The old ones are listed nowhere from then on, and
 * sign one thing more: the `Update` that tells the followers' servers, because it is the old key that those know. Servers
 * that are not told fetch the new key when the old one does not fit.
 * @throws NotFoundError `user.not_found` for who is no author
 */
export async function rotateKey(context: FederationContext, userId: string): Promise<Rotation> {
  const author = userId === SITE ? null : await findAuthor(context, userId);
  if (userId !== SITE && !author) throw new NotFoundError('user.not_found', 'There is no such author.');
  const keys = await makeKeys(context);
  const actor = signerIdOf(context.origin, userId);
  const document = author && (await actorDocument(context, author));
  const id = activityIdOf(context.origin, context.newId());
  const servers = await context.database.transaction<FederationTables, number>(async (trx) => {
    // What waits to be sent is proven anew.
    await context.refreshPages(trx);
    await replaceKeys(context, trx, { userId, keys, activityId: document ? id : null });
    if (!document) return 0;
    const now = context.now().toISOString();
    const members = keyMembers(actor, { publicPem: keys.public_pem, proofMultibase: keys.proof_multibase });
    const body = updateOf({ id, actor }, { ...document, ...members, updated: now });
    return sendActivity(context, trx, {
      activity: { id, type: 'Update', body },
      userId,
      objectId: actorIdOf(context.origin, userId),
      to: { followersOf: userId },
    });
  });
  reopenKeys(context, userId);
  context.log.info({ actor }, 'replaced the keys of an actor');
  return { actor, keyId: keyIdOf(actor), publicKeyPem: keys.public_pem, servers };
}
