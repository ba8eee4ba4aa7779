import { actorFrom, type ForeignActor, isActorNode } from './actor.ts';
import { recipients } from './audience.ts';
import { idOf, idsOf, isId, isLinkNode, sameOrigin } from './ids.ts';
import { MAX_EMBEDDING_DEPTH } from './limits.ts';
import { type ForeignObject, OBJECT_TYPES, objectFrom } from './object.ts';
import { plainText } from './plain-text.ts';
import { malformed, notAllowed, type Refused } from './refusal.ts';
import { entries, first, text } from './shapes.ts';
import { type ForeignEmoji, tagsOf } from './tags.ts';
import { asNode, documentNode, type NodeObject, typeOf, typesOf } from './terms.ts';
import { time } from './times.ts';

/** The activities with a meaning here, and any other. */
export type ActivityType =
  | 'Create'
  | 'Update'
  | 'Delete'
  | 'Follow'
  | 'Accept'
  | 'Reject'
  | 'Undo'
  | 'Like'
  | 'Dislike'
  | 'Announce'
  | 'EmojiReact'
  | 'Block'
  | 'Flag'
  | 'Move'
  | 'Add'
  | 'Remove'
  | 'Lock'
  | 'QuoteRequest'
  | 'LikeRequest'
  | 'ReplyRequest'
  | 'AnnounceRequest'
  | (string & Record<never, never>);

/** What somebody elsewhere says to have done. Nothing but its signature makes it true. */
export type ForeignActivity = {
  id: string | null;
  type: ActivityType;
  /** Exactly one id. */
  actor: string;
  /** At least one for the types that are acted upon, but not in embedded activities. */
  objects: ObjectRef[];
  target: ObjectRef | null;
  /** Where something is taken from: of a Remove or a Move of a topic (NodeBB, Lemmy). */
  origin: ObjectRef | null;
  /** Of an Accept that grants something (FEP-044f): the id of the grant. */
  result: string | null;
  /** Of a QuoteRequest (FEP-044f) and the like: the object that quotes, the reply, the Like. */
  instrument: ObjectRef | null;
  to: string[];
  cc: string[];
  audience: string[];
  published: Date | null;
  /** The emoji of a reaction, the text of a Flag: plain text. A custom emoji is in `emojis`, named `:so:` here. */
  content: string | null;
  /** Why a moderator did it (Lemmy): plain text. */
  summary: string | null;
  emojis: ForeignEmoji[];
  /** As it was sent, to be stored and read by nobody but these readers. */
  raw: unknown;
};

/** What an activity is about: named, or embedded. An embedded copy is a claim about its id, unless its owner signed. */
export type ObjectRef =
  | { kind: 'id'; id: string }
  | { kind: 'activity'; activity: ForeignActivity }
  | { kind: 'object'; object: ForeignObject }
  | { kind: 'actor'; actor: ForeignActor };

/** Activities that are acted upon; each must say about what. */
const HANDLED_TYPES: ReadonlySet<string> = new Set([
  'Create',
  'Update',
  'Delete',
  'Follow',
  'Accept',
  'Reject',
  'Undo',
  'Like',
  'Dislike',
  'Announce',
  'EmojiReact',
  'Block',
  'Flag',
  'Move',
  'Add',
  'Remove',
]);

/** Activities that are understood to be such and not acted upon. */
const OTHER_TYPES: ReadonlySet<string> = new Set([
  ...[
    'Arrive',
    'Ignore',
    'Invite',
    'Join',
    'Leave',
    'Listen',
    'Offer',
    'Read',
    'TentativeAccept',
    'TentativeReject',
  ],
  ...['Travel', 'View', 'Lock', 'QuoteRequest', 'LikeRequest', 'ReplyRequest', 'AnnounceRequest', 'Activity'],
]);

const ACTIVITY_TYPES: ReadonlySet<string> = new Set([...HANDLED_TYPES, ...OTHER_TYPES]);

/**
 * Activities that must have an id because others refer to it or because it is all that tells two of them apart. The
 * rest may do without: GoToSocial's Deletes do, and Follows, Accepts and Likes of several others; actor, type and
 * object name them as well.
 */
const NEEDS_ID: ReadonlySet<string> = new Set([
  'Create',
  'Update',
  'Announce',
  'Move',
  'Add',
  'Remove',
  'Flag',
]);

/**
 * Reads an activity that was sent to an inbox or fetched. Unknown types are read like any other. Refused is what has
 * no type, not exactly one actor, an id that is none or of another origin than the actor's, or, for a known type, no
 * object.
 *
 * Source: ActivityPub, sections 3 and 7; FEP-fe34 (origins).
 */
export function readActivity(json: unknown): { kind: 'activity'; activity: ForeignActivity } | Refused {
  const node = documentNode(json);
  if (!node) return malformed('The body is not a JSON object.');
  const type = typeOf(node, ACTIVITY_TYPES);
  if (type === '') return malformed('The activity has no type.');
  const problem = problemWithActor(node.actor);
  const actor = idOf(node.actor);
  if (problem !== null || actor === null) return malformed(problem ?? 'The activity has no usable actor.');

  if (entries(node.id).length === 0) {
    if (NEEDS_ID.has(type)) return notAllowed(`The ${type} has no id.`);
  } else {
    if (!isId(node.id))
      return malformed('The id of the activity is not an http(s) address of at most 2,048 bytes.');
    if (!sameOrigin(node.id, actor))
      return notAllowed('The id of the activity is not on the server of its actor.');
  }

  const activity = activityFrom(node, type, actor, 0);
  if (HANDLED_TYPES.has(type) && activity.objects.length === 0) {
    return malformed(`The ${type} names no usable object.`);
  }
  return { kind: 'activity', activity: { ...activity, raw: json } };
}

/** One actor, perhaps in a list (Prismo), twice, or embedded (Hubzilla, Kroeg); two are nobody's activity. */
function problemWithActor(value: unknown): string | null {
  if (entries(value).length === 0) return 'The activity has no actor.';
  return idsOf(value).length > 1 ? 'The activity has more than one actor.' : null;
}

/**
 * Reads a fetched document of any kind. Lists, keys and what has no id are refused.
 */
export function readDocument(json: unknown): Exclude<ObjectRef, { kind: 'id' }> | Refused {
  const node = documentNode(json);
  if (!node) return malformed('The document is not a JSON object.');
  if (!isId(node.id)) return malformed('The document has no usable id.');
  const ref = typesOf(node).length === 0 ? null : embedded(node, { depth: 0 });
  return ref === null || ref.kind === 'id' ? malformed('The document is no actor, object or activity.') : ref;
}

/** Reads what an activity or a collection may list: an id, or an embedded object, activity or actor. */
export function readRef(value: unknown): ObjectRef | null {
  return refFrom(value, { depth: 1 });
}

/** `depth` is how many documents are around; the rest is what they say about one that is silent. */
type Around = {
  depth: number;
  actor?: string;
  addressing?: { to: string[]; cc: string[]; audience: string[] };
};

function activityFrom(node: NodeObject, type: string, actor: string, depth: number): ForeignActivity {
  const addressing = {
    to: recipients(node.to),
    cc: recipients(node.cc),
    audience: recipients(node.audience),
  };
  const around: Around = {
    depth: depth + 1,
    ...(type === 'Undo' && { actor }),
    ...((type === 'Create' || type === 'Update') && { addressing }),
  };
  const refs = entries(node.object).flatMap((entry) => refFrom(entry, around) ?? []);
  return {
    id: isId(node.id) ? node.id : null,
    type,
    actor,
    objects: type === 'Update' ? refs.map(unwrapped) : refs,
    target: refFrom(first(node.target), { depth: depth + 1 }),
    origin: refFrom(first(node.origin), { depth: depth + 1 }),
    result: idOf(node.result),
    instrument: refFrom(first(node.instrument), { depth: depth + 1 }),
    ...addressing,
    published: time(node.published),
    content: plainText(reactionOf(node) ?? node.content, MAX_CONTENT_LENGTH),
    summary: plainText(node.summary, MAX_CONTENT_LENGTH),
    emojis: tagsOf(node).emojis,
    raw: node,
  };
}

/** Longest text of a Flag, in code points. */
const MAX_CONTENT_LENGTH = 5_000;

/** Misskey's own member says the same as `content` and is older. */
function reactionOf(node: NodeObject): string | null {
  return text(node.content) ?? text(node._misskey_reaction);
}

/** Some versions of Mbin put a Create around the object of an Update. */
function unwrapped(ref: ObjectRef): ObjectRef {
  if (ref.kind !== 'activity' || (ref.activity.type !== 'Create' && ref.activity.type !== 'Update'))
    return ref;
  return ref.activity.objects[0] ?? ref;
}

function refFrom(value: unknown, around: Around): ObjectRef | null {
  if (typeof value === 'string') return idRef(value);
  const node = asNode(value);
  if (!node) return null;
  if (isLinkNode(node) || around.depth > MAX_EMBEDDING_DEPTH) return idRef(idOf(node));
  return embedded(node, around) ?? idRef(node.id);
}

function idRef(id: unknown): ObjectRef | null {
  return isId(id) ? { kind: 'id', id } : null;
}

/** An embedded node by its kind; null for what says no more than its id, or not even that. */
function embedded(node: NodeObject, around: Around): ObjectRef | null {
  if (isActorNode(node)) return isId(node.id) ? { kind: 'actor', actor: actorFrom(node, node.id) } : null;
  if (isActivityNode(node)) return embeddedActivity(node, around);
  if (typesOf(node).length === 0 && node.content === undefined && node.attributedTo === undefined)
    return null;
  return { kind: 'object', object: objectFrom(node, around.addressing) };
}

/** By its type; with a type of its own, by having an actor and an object. */
function isActivityNode(node: NodeObject): boolean {
  const types = typesOf(node);
  if (types.some((type) => ACTIVITY_TYPES.has(type))) return true;
  if (types.length === 0 || types.some((type) => OBJECT_TYPES.has(type))) return false;
  return node.actor !== undefined && node.object !== undefined;
}

/** Without one actor it is worth no more than its id; what is undone is the undoing actor's own. */
function embeddedActivity(node: NodeObject, around: Around): ObjectRef | null {
  const actors = idsOf(node.actor);
  const actor = actors.length === 0 ? around.actor : actors[0];
  if (actor === undefined || actors.length > 1) return null;
  const activity = activityFrom(node, typeOf(node, ACTIVITY_TYPES), actor, around.depth);
  return { kind: 'activity', activity };
}
