import { keyTerms } from './security-terms.ts';

/** A JSON document of ours, ready to be written out. */
export type Json = Record<string, unknown>;

const reference = (id: string) => ({ '@id': id, '@type': '@id' });

/**
 * Where the words of what we send are defined: ActivityStreams, the security vocabulary, and inline the few that belong
 * to neither. Only words that are used are here, because some receivers read JSON-LD in earnest.
 * Source: JSON-LD 1.1, section 3.1; FEP-5feb, FEP-844e, FEP-2c59, GoToSocial's interaction policies
 */
export const actorContext: readonly unknown[] = [
  'https://www.w3.org/ns/activitystreams',
  'https://w3id.org/security/v1',
  {
    toot: 'http://joinmastodon.org/ns#',
    schema: 'http://schema.org#',
    manuallyApprovesFollowers: 'as:manuallyApprovesFollowers',
    PropertyValue: 'schema:PropertyValue',
    value: 'schema:value',
    discoverable: 'toot:discoverable',
    indexable: 'toot:indexable',
    featured: reference('toot:featured'),
    attributionDomains: reference('toot:attributionDomains'),
    implements: { '@id': 'https://w3id.org/fep/844e/implements', '@type': '@id', '@container': '@list' },
    webfinger: 'https://purl.archive.org/socialweb/webfinger#webfinger',
    ...keyTerms,
  },
];

/** The same for posts and answers. */
export const objectContext: readonly unknown[] = [
  'https://www.w3.org/ns/activitystreams',
  'https://w3id.org/security/v1',
  {
    Hashtag: 'as:Hashtag',
    sensitive: 'as:sensitive',
    conversation: 'http://ostatus.org#conversation',
    gts: 'https://gotosocial.org/ns#',
    interactionPolicy: reference('gts:interactionPolicy'),
    canQuote: reference('gts:canQuote'),
    canReply: reference('gts:canReply'),
    canLike: reference('gts:canLike'),
    canAnnounce: reference('gts:canAnnounce'),
    automaticApproval: reference('gts:automaticApproval'),
    manualApproval: reference('gts:manualApproval'),
    always: reference('gts:always'),
    approvalRequired: reference('gts:approvalRequired'),
  },
];

/** For documents that have no words but those of ActivityStreams. */
export const plainContext = 'https://www.w3.org/ns/activitystreams';

/** The object inside an activity: the words are defined once, at the top. */
export function withoutContext(document: Json): Json {
  const { '@context': _, ...rest } = document;
  return rest;
}
