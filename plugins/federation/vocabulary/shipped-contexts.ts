import { readFileSync } from 'node:fs';
import type { ContextDefinition } from 'jsonld';

const files: ReadonlyMap<string, string> = new Map([
  ['https://www.w3.org/ns/activitystreams', 'activitystreams'],
  ['http://www.w3.org/ns/activitystreams', 'activitystreams'],
  ['https://www.w3.org/ns/activitystreams#', 'activitystreams'],
  ['https://www.w3.org/ns/activitystreams.jsonld', 'activitystreams'],
  ['https://w3id.org/security/v1', 'security-v1'],
  ['https://w3id.org/security/data-integrity/v1', 'data-integrity-v1'],
  ['https://w3id.org/security/data-integrity/v2', 'data-integrity-v2'],
  ['https://w3id.org/security/multikey/v1', 'multikey-v1'],
  ['https://w3id.org/identity/v1', 'identity-v1'],
  ['https://www.w3.org/ns/did/v1', 'did-v1'],
  ['https://www.w3.org/ns/cid/v1', 'cid-v1'],
  ['https://purl.archive.org/socialweb/webfinger', 'webfinger'],
  ['https://purl.archive.org/miscellany', 'miscellany'],
  ['https://gotosocial.org/ns', 'gotosocial'],
  ['https://join-lemmy.org/context.json', 'lemmy'],
  ['http://joinmastodon.org/ns', 'mastodon'],
]);

/** A context document as it is published. */
export type ContextDocument = { '@context': ContextDefinition };

const loaded = new Map<string, ContextDocument>();

/**
 * The context document that belongs to an address, from this folder, or null for one that is not shipped. Nothing is
 * ever fetched.
 */
export function shippedContext(address: string): ContextDocument | null {
  const name = files.get(address);
  if (name === undefined) return null;
  let document = loaded.get(name);
  if (!document) {
    // A file of this folder, not outside data.
    document = JSON.parse(
      readFileSync(new URL(`./contexts/${name}.json`, import.meta.url), 'utf8'),
    ) as ContextDocument;
    loaded.set(name, document);
  }
  return document;
}
