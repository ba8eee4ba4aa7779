import type { Medium, PublicUser } from 'outpost/plugin';
import {
  collectionOf,
  handleHost,
  inboxOf,
  keyIdOf,
  proofKeyIdOf,
  sharedInboxOf,
  siteActorIdOf,
} from '../addresses.ts';
import { actorContext, type Json } from './context-out.ts';
import { escapeMarkup, oneLine } from './escape.ts';

/** The public halves of an actor's keys: PEM, and a Multikey's multibase. */
export type ActorKeys = { publicPem: string; proofMultibase: string };

/** What the actor of an author is made from. */
export type PersonInput = {
  user: PublicUser;
  id: string;
  origin: string;
  keys: ActorKeys;
  /** The author's page. */
  pageUrl: string;
  settings: { discoverable: boolean; indexable: boolean };
  /** Ids of the author's other accounts. */
  alsoKnownAs: readonly string[];
};

/** The longest actor name that Misskey stores. */
const MAX_NAME_LENGTH = 128;

/**
 * An author as an actor. `attributionDomains` lets Mastodon believe the author line of our pages, `generator` says that
 * RFC 9421 is understood here.
 * Source: ActivityPub, section 4.1; Mastodon, "ActivityPub"; FEP-844e
 */
export function personOf({ user, id, origin, keys, pageUrl, settings, alsoKnownAs }: PersonInput): Json {
  const host = handleHost(origin);
  return {
    '@context': actorContext,
    id,
    type: 'Person',
    preferredUsername: user.username,
    webfinger: `${user.username}@${host}`,
    name: oneLine(user.name).slice(0, MAX_NAME_LENGTH) || user.username,
    summary: String(user.bioHtml),
    url: pageUrl,
    inbox: inboxOf(id),
    outbox: collectionOf(id, 'outbox'),
    followers: collectionOf(id, 'followers'),
    following: collectionOf(id, 'following'),
    featured: collectionOf(id, 'featured'),
    endpoints: { sharedInbox: sharedInboxOf(origin) },
    ...keyMembers(id, keys),
    manuallyApprovesFollowers: false,
    discoverable: settings.discoverable,
    indexable: settings.indexable,
    published: user.createdAt,
    updated: user.updatedAt,
    ...(user.avatar && { icon: pictureOf(user.avatar) }),
    ...(user.header && { image: pictureOf(user.header) }),
    attachment: user.links.map(fieldOf),
    ...(alsoKnownAs.length > 0 && { alsoKnownAs }),
    attributionDomains: [host],
    generator: generatorOf(origin),
  };
}

/**
 * The actor that speaks for the site: it signs what is fetched, and its own document is given to everybody, or two
 * servers that both want signatures would wait for each other.
 */
export function siteActorOf(input: {
  origin: string;
  username: string;
  keys: ActorKeys;
  title: string;
  tagline: string;
}): Json {
  const { origin } = input;
  const id = siteActorIdOf(origin);
  return {
    '@context': actorContext,
    id,
    type: 'Application',
    preferredUsername: input.username,
    webfinger: `${input.username}@${handleHost(origin)}`,
    name: oneLine(input.title).slice(0, MAX_NAME_LENGTH) || handleHost(origin),
    summary: escapeMarkup(input.tagline),
    url: `${origin}/`,
    inbox: sharedInboxOf(origin),
    outbox: collectionOf(id, 'outbox'),
    followers: collectionOf(id, 'followers'),
    following: collectionOf(id, 'following'),
    endpoints: { sharedInbox: sharedInboxOf(origin) },
    ...keyMembers(id, input.keys),
    manuallyApprovesFollowers: true,
    discoverable: false,
    indexable: false,
    generator: generatorOf(origin),
  };
}

/**
 * An actor's keys: RSA for requests, Ed25519 for what is sent.
 * Source: ActivityPub and HTTP Signatures (SWICG report), section 2; FEP-521a
 */
export function keyMembers(id: string, { publicPem, proofMultibase }: ActorKeys): Json {
  return {
    publicKey: { id: keyIdOf(id), owner: id, publicKeyPem: publicPem },
    assertionMethod: [
      { id: proofKeyIdOf(id), type: 'Multikey', controller: id, publicKeyMultibase: proofMultibase },
    ],
  };
}

/** A picture of an actor or a post. Misskey cuts descriptions at 512 characters. */
export function pictureOf(medium: Medium & { url: string }): Json {
  const name = oneLine(medium.alt).slice(0, 512).toWellFormed();
  return {
    type: medium.mimeType.startsWith('image/') ? 'Image' : 'Document',
    mediaType: medium.mimeType,
    url: medium.url,
    ...(name && { name }),
    ...(medium.width !== null && { width: medium.width }),
    ...(medium.height !== null && { height: medium.height }),
  };
}

/** A line of the profile. The other page proves that it belongs to the author by linking back with `rel="me"` too. */
function fieldOf({ label, url }: PublicUser['links'][number]): Json {
  const shown = url.replace(/^https?:\/\//i, '').replace(/\/$/, '');
  const value = `<a href="${escapeMarkup(url)}" rel="me nofollow noopener noreferrer" target="_blank">${escapeMarkup(shown)}</a>`;
  return { type: 'PropertyValue', name: oneLine(label), value };
}

function generatorOf(origin: string): Json {
  return {
    type: 'Application',
    id: siteActorIdOf(origin),
    name: 'Outpost',
    implements: [
      { name: 'RFC-9421: HTTP Message Signatures', href: 'https://datatracker.ietf.org/doc/html/rfc9421' },
    ],
  };
}
