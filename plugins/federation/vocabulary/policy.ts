import { recipients } from './audience.ts';
import { idOf, isId } from './ids.ts';
import { malformed, type Refused } from './refusal.ts';
import { firstNode } from './shapes.ts';
import { documentNode, type NodeObject, typeOf } from './terms.ts';

/** Whom a thing is granted: ids of actors and collections (followers), or Public. */
type ForeignRule = {
  /** Who may without asking. */
  automaticApproval: string[];
  /** Who may ask. */
  manualApproval: string[];
};

/** What others may do with an object, by its author's word; null where the author says nothing about that deed. */
export type ForeignPolicy = {
  canReply: ForeignRule | null;
  canLike: ForeignRule | null;
  canAnnounce: ForeignRule | null;
  canQuote: ForeignRule | null;
};

/**
 * The `interactionPolicy` of an object, or null where it has none. GoToSocial up to 0.18 said `always` and
 * `approvalRequired` for what is `automaticApproval` and `manualApproval` since.
 *
 * Source: FEP-044f, section "Advertising a quote policy"; GoToSocial, documentation "Interaction policy".
 */
export function policyOf(node: NodeObject): ForeignPolicy | null {
  const policy = firstNode(node.interactionPolicy);
  if (!policy) return null;
  return {
    canReply: ruleOf(policy.canReply),
    canLike: ruleOf(policy.canLike),
    canAnnounce: ruleOf(policy.canAnnounce),
    canQuote: ruleOf(policy.canQuote),
  };
}

function ruleOf(value: unknown): ForeignRule | null {
  const rule = firstNode(value);
  if (!rule) return null;
  return {
    automaticApproval: recipients(rule.automaticApproval ?? rule.always),
    manualApproval: recipients(rule.manualApproval ?? rule.approvalRequired),
  };
}

/** An author's word that somebody's quote, reply, like or boost may stand: a document at the author's own server. */
export type ForeignAuthorization = {
  id: string;
  type: AuthorizationType;
  /** Whose word it is. */
  attributedTo: string;
  /** The quote, reply, like or boost. */
  interactingObject: string;
  /** What it is about. */
  interactionTarget: string;
};

/** By the deed that is granted. */
type AuthorizationType =
  | 'QuoteAuthorization'
  | 'ReplyAuthorization'
  | 'LikeAuthorization'
  | 'AnnounceAuthorization';

/** GoToSocial's drafts said `Approval` and named the two sides `object` and `target`. */
const authorizationTypes: ReadonlyMap<string, AuthorizationType> = new Map([
  ['QuoteAuthorization', 'QuoteAuthorization'],
  ['ReplyAuthorization', 'ReplyAuthorization'],
  ['ReplyApproval', 'ReplyAuthorization'],
  ['LikeAuthorization', 'LikeAuthorization'],
  ['LikeApproval', 'LikeAuthorization'],
  ['AnnounceAuthorization', 'AnnounceAuthorization'],
  ['AnnounceApproval', 'AnnounceAuthorization'],
]);

/** The names of the types that {@link readAuthorization} reads. */
export const AUTHORIZATION_TYPES: ReadonlySet<string> = new Set(authorizationTypes.keys());

/**
 * Reads a grant that was fetched. That it comes from its author's server is for the caller to see to.
 * Source: FEP-044f, section "QuoteAuthorization"; GoToSocial, documentation "Interaction policy".
 */
export function readAuthorization(
  json: unknown,
): { kind: 'authorization'; authorization: ForeignAuthorization } | Refused {
  const node = documentNode(json);
  if (!node) return malformed('The document is not a JSON object.');
  const type = authorizationTypes.get(typeOf(node, AUTHORIZATION_TYPES));
  if (type === undefined) return malformed('The document is not an authorization.');
  if (!isId(node.id)) return malformed('The authorization has no usable id.');
  const attributedTo = idOf(node.attributedTo);
  const interactingObject = idOf(node.interactingObject) ?? idOf(node.object);
  const interactionTarget = idOf(node.interactionTarget) ?? idOf(node.target);
  if (attributedTo === null || interactingObject === null || interactionTarget === null) {
    return malformed('The authorization does not say whose word it is, or about what.');
  }
  return {
    kind: 'authorization',
    authorization: { id: node.id, type, attributedTo, interactingObject, interactionTarget },
  };
}
