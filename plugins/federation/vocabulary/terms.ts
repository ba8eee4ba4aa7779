/** A JSON object whose members go by their usual short names: `id`, `type`, `content`. */
export type NodeObject = { readonly [member: string]: unknown };

/**
 * The namespaces whose prefix may stand before a member's or a type's name. Sources: rdf-pub (full IRIs, expanded
 * documents), Kroeg (`as:sensitive`), Takahē (`toot:discoverable`), oeee.cafe (`as:Endpoints`), Lemmy (WebFinger
 * properties).
 */
const namespaces = [
  'as:',
  'https://www.w3.org/ns/activitystreams#',
  'toot:',
  'http://joinmastodon.org/ns#',
  'sec:',
  'https://w3id.org/security#',
  'https://w3id.org/security/v1#',
  'ldp:',
  'http://www.w3.org/ns/ldp#',
  'schema:',
  'sc:',
  'http://schema.org#',
  'http://schema.org/',
  'litepub:',
  'http://litepub.social/ns#',
  'misskey:',
  'https://misskey-hub.net/ns#',
  'fedibird:',
  'http://fedibird.com/ns#',
  'https://w3id.org/fep/044f#',
  // What no context defines, in an expanded document.
  '_:',
  'gts:',
  'https://gotosocial.org/ns#',
];

const prefixes: ReadonlySet<string> = new Set(namespaces);

/** Whether a text is one of the namespaces, or the prefix that stands for one in most contexts (`as:`). */
export function isUsualPrefix(text: string): boolean {
  return prefixes.has(text);
}

/** `as:Note`, `https://www.w3.org/ns/activitystreams#Note` → `Note`; `@id` → `id`; every other name as it is. */
export function usualTerm(name: string): string {
  if (name === '@id') return 'id';
  if (name === '@type') return 'type';
  if (!name.includes(':')) return name;
  const cut = Math.max(name.lastIndexOf('#'), name.lastIndexOf('/'), name.lastIndexOf(':')) + 1;
  return prefixes.has(name.slice(0, cut)) ? name.slice(cut) : name;
}

/**
 * The members of a foreign JSON object under their usual names, or null for what is no object. Every reader of this
 * folder gets at members through here and nowhere else. Contexts are not looked at: a document that renames `actor` in
 * its own goes through `inUsualTerms` first. Where a member stands under its short and its long name, the short one
 * counts.
 *
 * Source: ActivityStreams 2.0 Core, section 2.1 (JSON-LD); JSON-LD 1.1, section 3.3 (keyword aliases).
 */
export function asNode(value: unknown): NodeObject | null {
  if (!isPlainObject(value)) return null;
  for (const name in value) {
    if (name.includes(':') || name === '@id' || name === '@type') return withUsualTerms(value);
  }
  return value;
}

/** The node of a whole document; an expanded document is an array with one object in it, a flat one has a `@graph`. */
export function documentNode(json: unknown): NodeObject | null {
  const node = asNode(Array.isArray(json) && json.length === 1 ? json[0] : json);
  const graph = node?.['@graph'];
  if (!node || !Array.isArray(graph) || graph.length !== 1 || node.id !== undefined) return node;
  return asNode(graph[0]);
}

/** Whether a value is a JSON object, under whatever names its members go. */
export function isPlainObject(value: unknown): value is NodeObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One node is looked at by many readers. */
const translated = new WeakMap<object, NodeObject>();

function withUsualTerms(value: NodeObject): NodeObject {
  const known = translated.get(value);
  if (known) return known;
  const node: Record<string, unknown> = { ...value };
  for (const [name, member] of Object.entries(value)) {
    const term = usualTerm(name);
    if (term !== name && term !== '__proto__' && !Object.hasOwn(node, term)) node[term] = member;
  }
  translated.set(value, node);
  return node;
}

/** The types of a node, without namespaces, as many as are sane. `["Object", "as:Hashtag"]` and `[]` exist. */
export function typesOf(node: NodeObject): string[] {
  const type = node.type;
  if (typeof type === 'string') return isTypeName(type) ? [usualTerm(type)] : [];
  if (!Array.isArray(type)) return [];
  return type.slice(0, 10).filter(isTypeName).map(usualTerm);
}

/** The first type of a node that is among the known ones, else its first type, else an empty string. */
export function typeOf(node: NodeObject, known: ReadonlySet<string>): string {
  const types = typesOf(node);
  return types.find((type) => known.has(type)) ?? types[0] ?? '';
}

function isTypeName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 255;
}
