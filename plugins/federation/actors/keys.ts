import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { keyIdOf, signerIdOf } from '../addresses.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import type { SigningKey } from '../signatures/sign.ts';

const PURPOSE = 'actor-key';
const generate = promisify(generateKeyPair);

/** A key never changes once it is made, so that what was read may be kept; one cache for each running site. */
const opened = new WeakMap<object, Map<string, Promise<KeyObject>>>();

/**
 * The key with which an author, or the site itself (`site`), signs. It is made when first needed.
 * @param userId a user's id, or `site`
 */
export async function signingKeyOf(context: FederationContext, userId: string): Promise<SigningKey> {
  const keys = opened.get(context) ?? new Map<string, Promise<KeyObject>>();
  opened.set(context, keys);
  let key = keys.get(userId);
  if (!key) {
    key = openKey(context, userId);
    keys.set(userId, key);
    // A failure is not kept: the next caller tries again, and this one is told by what it awaits.
    key.catch(() => keys.delete(userId));
  }
  return { keyId: keyIdOf(signerIdOf(context.origin, userId)), privateKey: await key };
}

/**
 * The public half of an actor's key as PEM; the pair is made where there is none yet. Two nodes that make one at once
 * agree on the one that was stored first.
 */
export async function ensureKey(context: FederationContext, userId: string): Promise<{ publicPem: string }> {
  const found = await findKey(context, userId);
  if (found) return { publicPem: found.public_pem };
  const { publicKey, privateKey } = await generate('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  await tablesOf(context)
    .insertInto('plugin_federation_keys')
    .values({
      user_id: userId,
      public_pem: publicKey,
      private_sealed: context.secrets.seal(PURPOSE, privateKey),
      created_at: context.now().toISOString(),
    })
    .onConflict((conflict) => conflict.column('user_id').doNothing())
    .execute();
  const stored = await findKey(context, userId);
  return { publicPem: stored?.public_pem ?? publicKey };
}

/** Whether there ever was an actor with this id: its key stays when the account goes. */
export async function hadKey(context: FederationContext, userId: string): Promise<boolean> {
  return (await findKey(context, userId)) !== undefined;
}

async function openKey(context: FederationContext, userId: string): Promise<KeyObject> {
  await ensureKey(context, userId);
  const stored = await findKey(context, userId);
  if (!stored) throw new Error(`The key of ${userId} was not stored.`);
  return createPrivateKey(context.secrets.open(PURPOSE, stored.private_sealed));
}

function findKey(context: FederationContext, userId: string) {
  return tablesOf(context)
    .selectFrom('plugin_federation_keys')
    .selectAll()
    .where('user_id', '=', userId)
    .executeTakeFirst();
}
