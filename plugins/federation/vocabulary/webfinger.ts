import { isId } from './ids.ts';
import { linkAddress, mediaTypeOf } from './links.ts';
import { malformed, type Refused } from './refusal.ts';
import { entries, firstNode, text } from './shapes.ts';
import { asNode, type NodeObject, usualTerm } from './terms.ts';

/** What a WebFinger answer says about an account. */
export type ForeignAccount = {
  /** As it was sent, mostly `acct:name@host`. */
  subject: string | null;
  /** The subject taken apart, the host in lower case; it may be another host than the one asked. */
  handle: { username: string; host: string } | null;
  /** Links to ActivityStreams documents, the likeliest first. `actorType` is said by Lemmy alone. */
  selfLinks: { href: string; actorType: string | null }[];
  profileUrl: string | null;
  /** Where the account's server takes its people who want to follow or answer something, with `{uri}` in it; https. */
  subscribeTemplate: string | null;
};

/**
 * Reads a JRD. Lemmy lists a Person and a Group of one name, Hubzilla several `self` links of which one is not
 * ActivityStreams, others leave types out or null, Mobilizon and WriteFreely write the profile's relation their own
 * way.
 *
 * Source: RFC 7033, section 4.4; ActivityPub and WebFinger (SWICG report), section 2.
 */
export function readWebFinger(json: unknown): { kind: 'account'; account: ForeignAccount } | Refused {
  const node = asNode(json);
  if (!node) return malformed('The WebFinger answer is not a JSON object.');
  const links = entries(node.links)
    .map(asNode)
    .filter((link) => link !== null);
  const subject = text(node.subject);
  const account: ForeignAccount = {
    subject,
    handle: subject === null ? null : handleOf(subject),
    selfLinks: selfLinksOf(links),
    profileUrl: links.filter(isProfileLink).flatMap((link) => linkAddress(link.href) ?? [])[0] ?? null,
    subscribeTemplate: links.flatMap((link) => subscribeTemplateOf(link) ?? [])[0] ?? null,
  };
  return { kind: 'account', account };
}

/** The actor's address: the one for the wanted type of actor where types are told apart, else the first. */
export function actorAddress(account: ForeignAccount, wantedType = 'Person'): string | null {
  const wanted = account.selfLinks.find(({ actorType }) => actorType === wantedType) ?? account.selfLinks[0];
  return wanted?.href ?? null;
}

/** Links that say ActivityStreams come before those that say nothing; those that say something else are left out. */
function selfLinksOf(links: readonly NodeObject[]): ForeignAccount['selfLinks'] {
  const said: ForeignAccount['selfLinks'] = [];
  const silent: ForeignAccount['selfLinks'] = [];
  for (const link of links) {
    if (link.rel !== 'self' || !isId(link.href)) continue;
    const type = text(link.type);
    if (type !== null && !isActivityStreams(type)) continue;
    (type === null ? silent : said).push({ href: link.href, actorType: actorTypeOf(link) });
  }
  return [...said, ...silent];
}

function isActivityStreams(type: string): boolean {
  const essence = mediaTypeOf(type);
  return (
    essence === 'application/activity+json' ||
    (essence === 'application/ld+json' && type.includes('activitystreams'))
  );
}

function actorTypeOf(link: NodeObject): string | null {
  const type = text(firstNode(link.properties)?.type);
  return type === null ? null : usualTerm(type);
}

function isProfileLink(link: NodeObject): boolean {
  return typeof link.rel === 'string' && /^https?:\/\/webfinger\.net\/rel\/profile-page\/?$/.test(link.rel);
}

/** Source: OStatus 1.0 draft 2, section "Subscribing" (remote subscription) */
function subscribeTemplateOf({ rel, template }: NodeObject): string | null {
  if (rel !== 'http://ostatus.org/schema/1.0/subscribe' || typeof template !== 'string') return null;
  const address = template.replace('{uri}', 'https%3A%2F%2Fx');
  return isId(address) && address !== template && /^https:/i.test(address) ? template : null;
}

function handleOf(subject: string): ForeignAccount['handle'] {
  const parts = /^acct:@?([^@\s]+)@([^@\s/?#]+)$/i.exec(subject.slice(0, 1_024));
  const [, username, host] = parts ?? [];
  return username && host ? { username, host: host.toLowerCase() } : null;
}
