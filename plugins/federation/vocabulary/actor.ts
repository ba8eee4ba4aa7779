import { idOf, idsOf, isId } from './ids.ts';
import { type ForeignKey, keysOf } from './keys.ts';
import { languageText } from './languages.ts';
import { MAX_ATTACHMENTS } from './limits.ts';
import { imageAddress, linkAddress, pageAddress } from './links.ts';
import { plainLine } from './plain-text.ts';
import { malformed, type Refused } from './refusal.ts';
import { entries, firstNode, flag, text } from './shapes.ts';
import { type ForeignEmoji, tagsOf } from './tags.ts';
import { asNode, documentNode, type NodeObject, typeOf, typesOf } from './terms.ts';
import { time } from './times.ts';

/** A person, group, service or application elsewhere. Nothing in it is to be trusted. */
export type ForeignActor = {
  id: string;
  type: string;
  /** Fit for a handle; null where it is absent or has characters that no handle has. */
  preferredUsername: string | null;
  /** One line of plain text, at most 255 code points; null where nothing visible is left. */
  name: string | null;
  /** As it was sent: to be sanitised. */
  summaryHtml: string | null;
  /** The profile page, not an id. */
  url: string | null;
  iconUrl: string | null;
  imageUrl: string | null;
  inbox: string | null;
  sharedInbox: string | null;
  outbox: string | null;
  followers: string | null;
  following: string | null;
  featured: string | null;
  publicKeys: ForeignKey[];
  /** A stub that is served for its key alone: it has no inbox, and the rest is not worth keeping. */
  keyOnly: boolean;
  alsoKnownAs: string[];
  movedTo: string | null;
  /** `valueHtml` as it was sent: to be sanitised. */
  fields: { name: string; valueHtml: string }[];
  emojis: ForeignEmoji[];
  manuallyApprovesFollowers: boolean;
  discoverable: boolean;
  indexable: boolean;
  /** Of a Group: the moderators, or their collection (Lemmy, Mbin); the account of a PeerTube channel. */
  attributedTo: string[];
  /** Of a Group: only its moderators may post (Lemmy). */
  postingRestrictedToMods: boolean;
  /** Addresses of the specifications that the server says to implement (FEP-844e), such as RFC 9421. */
  implements: string[];
  /** The handle it calls itself by (FEP-2c59), `name@host`; to be checked by WebFinger. */
  webfinger: string | null;
  published: Date | null;
};

/** Source: ActivityStreams 2.0 Vocabulary, section 3.2. */
const ACTOR_TYPES: ReadonlySet<string> = new Set([
  'Person',
  'Group',
  'Organization',
  'Service',
  'Application',
]);

/** Reads a fetched actor document, or the actor in an Update. */
export function readActor(json: unknown): { kind: 'actor'; actor: ForeignActor } | Refused {
  const node = documentNode(json);
  if (!node) return malformed('The document is not a JSON object.');
  if (!isId(node.id)) return malformed('The actor has no usable id.');
  if (!isActorNode(node)) return malformed('The document is not an actor.');
  return { kind: 'actor', actor: actorFrom(node, node.id) };
}

/** Whether a node is an actor: by its type, or, with a type of its own, by having what only actors have. */
export function isActorNode(node: NodeObject): boolean {
  if (typesOf(node).some((type) => ACTOR_TYPES.has(type))) return true;
  return idOf(node.inbox) !== null && (node.publicKey !== undefined || node.preferredUsername !== undefined);
}

/** Reads the members of an actor. */
export function actorFrom(node: NodeObject, id: string): ForeignActor {
  const inbox = idOf(node.inbox);
  const publicKeys = keysOf(node, id);
  return {
    id,
    type: typeOf(node, ACTOR_TYPES),
    preferredUsername: username(node.preferredUsername),
    name: plainLine(languageText(node.name, node.nameMap).text),
    summaryHtml: languageText(node.summary, node.summaryMap).text,
    url: pageAddress(node.url),
    iconUrl: imageAddress(node.icon),
    imageUrl: imageAddress(node.image),
    inbox,
    sharedInbox: sharedInboxOf(node),
    outbox: idOf(node.outbox),
    followers: idOf(node.followers),
    following: idOf(node.following),
    featured: idOf(node.featured),
    publicKeys,
    keyOnly: inbox === null && publicKeys.length > 0,
    alsoKnownAs: idsOf(node.alsoKnownAs),
    movedTo: idOf(node.movedTo),
    fields: fieldsOf(node),
    emojis: tagsOf(node).emojis,
    manuallyApprovesFollowers: flag(node.manuallyApprovesFollowers),
    discoverable: flag(node.discoverable),
    indexable: flag(node.indexable),
    attributedTo: idsOf(node.attributedTo),
    postingRestrictedToMods: flag(node.postingRestrictedToMods),
    implements: implementsOf(node),
    webfinger: webfingerOf(node.webfinger),
    published: time(node.published),
  };
}

/** Letters, digits and what handles have in between; no `/`, `@`, `%`, `<`, space, nor two dots in a row. */
const handleName = /^(?!.*\.\.)[\p{L}\p{N}\p{M}._~+=!-]{1,255}$/u;

function username(value: unknown): string | null {
  const written = text(value);
  return written !== null && handleName.test(written) && !/^\.+$/.test(written) ? written : null;
}

/** Discourse, Misskey have it at the root; Kroeg's `endpoints` is an id, which is not followed. */
function sharedInboxOf(node: NodeObject): string | null {
  return idOf(firstNode(node.endpoints)?.sharedInbox) ?? idOf(node.sharedInbox);
}

/** Said by the actor itself or by its `generator` (WordPress, Mastodon 4.5). Source: FEP-844e. */
function implementsOf(node: NodeObject): string[] {
  const said = [...entries(node.implements, 20), ...entries(firstNode(node.generator)?.implements, 20)];
  return [...new Set(said.flatMap((entry) => linkAddress(asNode(entry)?.id ?? entry) ?? []))];
}

function webfingerOf(value: unknown): string | null {
  const written = text(value)?.replace(/^(?:acct:|@)/i, '') ?? '';
  return /^[^@\s/]{1,255}@[^@\s/]{1,255}$/.test(written) ? written : null;
}

/**
 * Profile fields: the entries of `attachment` that are `PropertyValue`s; one alone is no list in GoToSocial. WordPress
 * repeats each as a Link, and streams puts Notes there: both are left out.
 */
function fieldsOf(node: NodeObject): ForeignActor['fields'] {
  const fields: ForeignActor['fields'] = [];
  for (const entry of entries(node.attachment)) {
    if (fields.length === MAX_ATTACHMENTS) break;
    const field = asNode(entry);
    if (!field || !typesOf(field).includes('PropertyValue')) continue;
    const name = plainLine(field.name);
    const valueHtml = text(field.value);
    if (name !== null && valueHtml !== null) fields.push({ name, valueHtml });
  }
  return fields;
}
