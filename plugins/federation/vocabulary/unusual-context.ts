import { entries } from './shapes.ts';
import { shippedContext } from './shipped-contexts.ts';
import { isPlainObject, isUsualPrefix, type NodeObject, usualTerm } from './terms.ts';

/** How far contexts are looked for: the document, its object, and that one's (Announce → Create → Note). */
const DEPTH = 4;

/** How many values are searched for unusual names. */
const MAX_SEARCHED = 5_000;

/**
 * Whether a document calls things by names that only its `@context` explains: `who` for `actor`, `kind` for `@type`,
 * `a:content` where `a:` is a prefix of its own. Contexts that only repeat the usual names, as all known software
 * sends, are the rule and cost a few microseconds. A context that gives a usual name another meaning is not followed:
 * every other server reads that name as usual, and two readings of one document are a way to deceive.
 *
 * Source: JSON-LD 1.1, sections 4.1.1 (keyword aliases), 4.1.4 (compact IRIs) and 9.15 (term definitions).
 */
export function hasUnusualContext(json: unknown): boolean {
  const aliases = new Set<string>();
  const prefixes = new Set<string>();
  let value: unknown = Array.isArray(json) ? json[0] : json;
  for (let depth = 0; depth < DEPTH; depth++) {
    const node = value;
    if (!isPlainObject(node)) break;
    for (const context of contextsOf(node)) {
      for (const [term, definition] of Object.entries(context).slice(0, MAX_TERMS)) {
        const kind = kindOf(term, definition);
        if (kind === 'alias') aliases.add(term);
        if (kind === 'prefix') prefixes.add(term);
      }
    }
    value = Array.isArray(node.object) ? node.object[0] : node.object;
  }
  if (aliases.size + prefixes.size === 0) return false;
  return usesOne(json, (name) => aliases.has(name) || prefixes.has(prefixOf(name)));
}

const MAX_TERMS = 500;

/** Looked up as a whole: holding every name against every prefix would take seconds. */
function prefixOf(name: string): string {
  return name.slice(0, Math.max(0, name.indexOf(':')));
}

function contextsOf(node: NodeObject): NodeObject[] {
  const context = node['@context'];
  if (typeof context === 'string' || context === undefined) return [];
  return entries(context, 20).filter(isPlainObject);
}

/** What a definition does to a reader who knows the usual names only. */
function kindOf(term: string, definition: unknown): 'usual' | 'alias' | 'prefix' {
  if (term.startsWith('@')) return 'usual';
  const iri = isPlainObject(definition) ? definition['@id'] : definition;
  if (typeof iri !== 'string') return 'usual';
  if (iri.startsWith('@')) return keywordAliases.get(iri) === term ? 'usual' : 'alias';
  if (iri.endsWith(term) && !isUsualPrefix(iri)) return 'usual';
  if (isUsualPrefix(iri)) return isUsualPrefix(`${term}:`) ? 'usual' : 'prefix';
  const name = usualTerm(iri);
  return name === iri || name === term || isForeign(iri) || isOfStandard(term) ? 'usual' : 'alias';
}

function isOfStandard(term: string): boolean {
  return Object.hasOwn(shippedContext(AS2)?.['@context'] ?? {}, term);
}

const AS2 = 'https://www.w3.org/ns/activitystreams';

const keywordAliases: ReadonlyMap<string, string> = new Map([
  ['@id', 'id'],
  ['@type', 'type'],
]);

/** Schema.org's words for things that are read nowhere (`uuid` is `sc:identifier` in PeerTube, Mobilizon). */
function isForeign(iri: string): boolean {
  return (
    /^(?:schema:|sc:|https?:\/\/schema\.org[/#])/.test(iri) && !/[/#:](?:PropertyValue|value)$/.test(iri)
  );
}

/** Whether a member or a type has such a name. Lemmy defines `expires` as `endTime` in all that it sends. */
function usesOne(json: unknown, isUnusual: (name: string) => boolean): boolean {
  const isUnusualType = (type: unknown) => typeof type === 'string' && isUnusual(type);
  const waiting: unknown[] = [json];
  for (let seen = 0; seen < MAX_SEARCHED && waiting.length > 0; seen++) {
    const value = waiting.pop();
    if (Array.isArray(value)) {
      waiting.push(...value.slice(0, MAX_SEARCHED));
      continue;
    }
    if (!isPlainObject(value)) continue;
    for (const [name, member] of Object.entries(value)) {
      if (name === '@context') continue;
      if (isUnusual(name)) return true;
      if ((name === 'type' || name === '@type') && entries(member, 10).some(isUnusualType)) return true;
      if (typeof member === 'object') waiting.push(member);
    }
  }
  return false;
}
