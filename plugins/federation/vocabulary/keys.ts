import { idOf, isId } from './ids.ts';
import { MAX_KEYS } from './limits.ts';
import { spkiPem } from './multikey.ts';
import { malformed, type Refused } from './refusal.ts';
import { entries, text } from './shapes.ts';
import { asNode, documentNode, type NodeObject } from './terms.ts';

/**
 * A public key. `owner` is who it says it belongs to, to be checked with that actor's own document; `pem` is null
 * where only the id is known and the key is a document of its own.
 */
export type ForeignKey = { id: string; owner: string; pem: string | null };

/**
 * The keys in an actor document: `publicKey` as an object, a list, or an id (then without its PEM), and the Multikeys
 * of `assertionMethod` (Hollo, Mitra, streams). A key that names no owner belongs to the actor (Bridgy Fed).
 *
 * Source: ActivityPub and HTTP Signatures (SWICG report), section 2; FEP-521a.
 */
export function keysOf(actor: NodeObject, actorId: string): ForeignKey[] {
  const keys = new Map<string, ForeignKey>();
  for (const entry of [...entries(actor.publicKey, MAX_KEYS), ...entries(actor.assertionMethod, MAX_KEYS)]) {
    const id = idOf(entry);
    if (id === null || keys.get(id)?.pem || keys.size === MAX_KEYS) continue;
    const node = asNode(entry);
    const pem = node && pemOf(node);
    if (node && pem === null) continue;
    keys.set(id, { id, owner: (node && ownerOf(node)) ?? actorId, pem });
  }
  return [...keys.values()];
}

/**
 * Reads a key that is a document of its own. For what turns out to be an actor, even a stub without an inbox
 * (GoToSocial), the answer is refused: that is for `readActor`.
 *
 * Source: GoToSocial, documentation on HTTP signatures; ActivityPub and HTTP Signatures (SWICG report), section 2.
 */
export function readKeyDocument(json: unknown): { kind: 'key'; key: ForeignKey & { pem: string } } | Refused {
  const node = documentNode(json);
  if (!node) return malformed('The document is not a JSON object.');
  if (!isId(node.id)) return malformed('The key has no usable id.');
  const owner = ownerOf(node);
  if (owner === null) return malformed('The key names no owner.');
  const pem = pemOf(node);
  if (pem === null) return malformed('The key has no PEM and no multibase that can be read.');
  return { kind: 'key', key: { id: node.id, owner, pem } };
}

function ownerOf(key: NodeObject): string | null {
  return idOf(key.owner) ?? idOf(key.controller);
}

/** Longest PEM that is read, in characters; that of a 16,384-bit key has under 3,000. */
const MAX_PEM_LENGTH = 8_192;

/**
 * The key as PEM with LF line ends (Mbin's has CRLF): SPKI, or PKCS#1 (`BEGIN RSA PUBLIC KEY`, Funkwhale). A Multikey
 * is turned into SPKI.
 */
function pemOf(key: NodeObject): string | null {
  const written = text(key.publicKeyPem);
  if (written === null) return spkiPem(text(key.publicKeyMultibase));
  if (written.length > MAX_PEM_LENGTH) return null;
  const pem = written.replace(/\r\n?/g, '\n').trim();
  const label = /^-----BEGIN ((?:RSA )?PUBLIC KEY)-----\n/.exec(pem)?.[1];
  return label && pem.endsWith(`\n-----END ${label}-----`) ? `${pem}\n` : null;
}
