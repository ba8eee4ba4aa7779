import { createPrivateKey, generateKeyPair, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { keyIdOf, proofKeyIdOf, signerIdOf } from '../addresses.ts';
import {
  type FederationContext,
  type FederationDatabase,
  type FederationTransaction,
  tablesOf,
} from '../context.ts';
import { multibaseOf } from '../signatures/keys.ts';
import type { SigningKey } from '../signatures/sign.ts';
import type { KeyRow } from '../tables.ts';

const PURPOSE = 'actor-key';
const generate = promisify(generateKeyPair);

/** Another process may have changed a key; it is asked for the present one this often at most. */
const RECHECK_MS = 1_000;

/** An actor's keys, ready for use. */
type Opened = {
  /** Changes with the keys. */
  version: string;
  request: KeyObject;
  proof: KeyObject;
  previous: { key: KeyObject; activityId: string } | null;
};

type Kept = { opened: Promise<Opened>; checkedAt: number };

const memory = new WeakMap<object, Map<string, Kept>>();

/**
 * The key with which an author, or the site itself (`site`), signs requests. It is made when first needed.
 * @param userId a user's id, or `site`
 */
export async function signingKeyOf(context: FederationContext, userId: string): Promise<SigningKey> {
  const { request } = await openKeys(context, userId);
  return { keyId: keyIdOf(signerIdOf(context.origin, userId)), privateKey: request };
}

/**
 * The keys with which a request that carries this activity may be signed, the one to begin with first. The activity that
 * tells of a new key begins with the old one, because that is the one which receivers know.
 */
export async function signingKeysFor(
  context: FederationContext,
  { userId, activityId }: { userId: string; activityId: string },
): Promise<SigningKey[]> {
  const { request, previous } = await openKeys(context, userId);
  const keyId = keyIdOf(signerIdOf(context.origin, userId));
  const keys = previous?.activityId === activityId ? [previous.key, request] : [request];
  return keys.map((privateKey) => ({ keyId, privateKey }));
}

/** The Ed25519 key with which an author, or the site itself, signs what is sent, so that others can pass it on. */
export async function proofKeyOf(context: FederationContext, userId: string): Promise<SigningKey> {
  const { proof } = await openKeys(context, userId);
  return { keyId: proofKeyIdOf(signerIdOf(context.origin, userId)), privateKey: proof };
}

/** The public halves of an actor's keys: as PEM the one for requests, as a Multikey's multibase the one for proofs. */
export type PublicKeys = { publicPem: string; proofMultibase: string };

/**
 * The public halves of an actor's keys; they are made where there are none yet. Two nodes that make some at once agree on
 * those that were stored first.
 */
export async function ensureKey(context: FederationContext, userId: string): Promise<PublicKeys> {
  const { public_pem: publicPem, proof_multibase: proofMultibase } = await ensureRow(context, userId);
  return { publicPem, proofMultibase };
}

/** Whether there ever was an actor with this id: its key stays when the account goes. */
export async function hadKey(context: FederationContext, userId: string): Promise<boolean> {
  return (await findRow(tablesOf(context), userId)) !== undefined;
}

/** New keys in the place of an actor's present ones, made and not stored yet. */
export type NewKeys = Pick<WholeRow, 'public_pem' | 'private_sealed' | 'proof_multibase' | 'proof_sealed'>;

/** Makes keys. It takes a core for about a tenth of a second. */
export async function makeKeys(context: FederationContext): Promise<NewKeys> {
  const { publicKey, privateKey } = await generate('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return {
    public_pem: publicKey,
    private_sealed: context.secrets.seal(PURPOSE, privateKey),
    ...makeProofKey(context),
  };
}

/**
 * Puts new keys in the place of an actor's present ones. The old one stays for one use: to sign the activity that tells
 * of the new one.
 */
export async function replaceKeys(
  context: FederationContext,
  trx: FederationTransaction,
  { userId, keys, activityId }: { userId: string; keys: NewKeys; activityId: string | null },
): Promise<void> {
  const present = await findRow(trx, userId);
  const created_at = context.now().toISOString();
  await trx
    .insertInto('plugin_federation_keys')
    .values({ user_id: userId, ...keys, previous_sealed: null, previous_for: null, created_at })
    .onConflict((conflict) =>
      conflict.column('user_id').doUpdateSet({
        ...keys,
        previous_sealed: activityId === null ? null : (present?.private_sealed ?? null),
        previous_for: activityId,
        created_at,
      }),
    )
    .execute();
}

/** Uses an actor's new keys from now on in this process; others notice within a second. */
export function reopenKeys(context: FederationContext, userId: string): void {
  memory.get(context)?.delete(userId);
}

/** Forgets the keys that were replaced before this moment for good. */
export async function forgetOldKeys(context: FederationContext, before: string): Promise<void> {
  await tablesOf(context)
    .updateTable('plugin_federation_keys')
    .set({ previous_sealed: null, previous_for: null })
    .where('previous_sealed', 'is not', null)
    .where('created_at', '<', before)
    .execute();
}

function openKeys(context: FederationContext, userId: string): Promise<Opened> {
  const all = memory.get(context) ?? new Map<string, Kept>();
  memory.set(context, all);
  const kept = all.get(userId);
  const now = performance.now();
  if (kept && now - kept.checkedAt < RECHECK_MS) return kept.opened;
  const opened = open(context, userId, kept?.opened);
  all.set(userId, { opened, checkedAt: now });
  // A failure is not kept: the next caller tries again, and this one is told by what it awaits.
  opened.catch(() => all.delete(userId));
  return opened;
}

async function open(
  context: FederationContext,
  userId: string,
  earlier: Promise<Opened> | undefined,
): Promise<Opened> {
  const row = await ensureRow(context, userId);
  const version = `${row.public_pem} ${row.proof_multibase} ${row.previous_for}`;
  // What went wrong there was told to who asked then.
  const known = await earlier?.catch(() => undefined);
  if (known?.version === version) return known;
  const unseal = (sealed: string) => createPrivateKey(context.secrets.open(PURPOSE, sealed));
  const { previous_sealed: previousSealed, previous_for: activityId } = row;
  return {
    version,
    request: unseal(row.private_sealed),
    proof: unseal(row.proof_sealed),
    previous:
      previousSealed === null || activityId === null ? null : { key: unseal(previousSealed), activityId },
  };
}

type WholeRow = KeyRow & { proof_multibase: string; proof_sealed: string };

async function ensureRow(context: FederationContext, userId: string): Promise<WholeRow> {
  const db = tablesOf(context);
  const found = await findRow(db, userId);
  if (isWhole(found)) return found;
  if (found) await addProofKey(context, userId);
  else {
    const created_at = context.now().toISOString();
    const keys = await makeKeys(context);
    await db
      .insertInto('plugin_federation_keys')
      .values({ user_id: userId, ...keys, previous_sealed: null, previous_for: null, created_at })
      .onConflict((conflict) => conflict.column('user_id').doNothing())
      .execute();
  }
  const stored = await findRow(db, userId);
  if (!isWhole(stored)) throw new Error(`The keys of ${userId} were not stored.`);
  return stored;
}

/** For an actor who was there before Ed25519 keys were. */
async function addProofKey(context: FederationContext, userId: string): Promise<void> {
  await tablesOf(context)
    .updateTable('plugin_federation_keys')
    .set(makeProofKey(context))
    .where('user_id', '=', userId)
    .where('proof_sealed', 'is', null)
    .execute();
}

function makeProofKey(context: FederationContext): { proof_multibase: string; proof_sealed: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { proof_multibase: multibaseOf(privateKey), proof_sealed: context.secrets.seal(PURPOSE, pem) };
}

function isWhole(row: KeyRow | undefined): row is WholeRow {
  return row !== undefined && row.proof_multibase !== null && row.proof_sealed !== null;
}

function findRow(db: FederationDatabase | FederationTransaction, userId: string) {
  return db.selectFrom('plugin_federation_keys').selectAll().where('user_id', '=', userId).executeTakeFirst();
}
