import type { ContextDefinition, JsonLdDocument } from 'jsonld';
import { shippedContext } from './shipped-contexts.ts';
import { hasUnusualContext } from './unusual-context.ts';

/** Largest document whose names are translated, in values: real ones have some hundred. */
const MAX_VALUES = 2_000;

/** How many contexts such a document may have, and how many definitions in all of them. */
const MAX_CONTEXTS = 16;
const MAX_DEFINITIONS = 500;

/** How many slashes it may have: those of an address without a host are taken out one by one, which is quadratic. */
const MAX_SLASHES = 5_000;

const AS2 = 'https://www.w3.org/ns/activitystreams';
const SECURITY = 'https://w3id.org/security/v1';

/**
 * The document under the names that are usual, where its context gives things names of its own; else the document
 * itself, at once. What is too large to be translated, or is no JSON-LD, is given back as it is and read by the names
 * that it has. Contexts come from the plugin's own folder; those that are not there count as empty.
 *
 * Source: JSON-LD 1.1 Processing Algorithms and API, sections 5.1.2 (expansion) and 6.1.2 (compaction).
 */
export function inUsualTerms(json: unknown): unknown | Promise<unknown> {
  return hasUnusualContext(json) && isModest(json) ? translated(json) : json;
}

async function translated(json: JsonLdDocument): Promise<unknown> {
  // It takes time and memory that a site needs for one document in a million.
  const { default: jsonld } = await import('jsonld');
  // Protected: a context that gives one of these names another meaning makes the document be read as it is.
  const base = { ...contextOf(AS2), '@protected': true };
  try {
    const expanded = await jsonld.expand(json, { documentLoader, expandContext: base });
    const { '@context': _, ...node } = await jsonld.compact(
      expanded,
      { ...base, ...contextOf(SECURITY) },
      {
        documentLoader,
      },
    );
    return node;
  } catch (error) {
    if (error instanceof Error) return json;
    throw error;
  }
}

function contextOf(address: string): ContextDefinition {
  return shippedContext(address)?.['@context'] ?? {};
}

async function documentLoader(address: string) {
  return { documentUrl: address, document: shippedContext(address) ?? { '@context': {} } };
}

/**
 * Whether translating takes no longer than a moment: few values, few definitions, no endless paths, and neither contexts
 * inside definitions (JSON-LD 1.1's scoped contexts), which would be gone through again for every value under them, nor
 * an address that everything is resolved against.
 */
function isModest(json: unknown): json is JsonLdDocument {
  let values = 0;
  let contexts = 0;
  let definitions = 0;
  let slashes = 0;
  const waiting: { value: unknown; inContext: boolean }[] = [{ value: json, inContext: false }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, inContext } = next;
    if (typeof value === 'string') slashes += slashesIn(value);
    if (++values > MAX_VALUES || slashes > MAX_SLASHES) return false;
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value) && inContext) definitions += Object.keys(value).length;
    for (const [name, member] of Object.entries(value)) {
      const isContext = name === '@context';
      if (isContext && (inContext || ++contexts > MAX_CONTEXTS)) return false;
      slashes += slashesIn(name);
      if (definitions > MAX_DEFINITIONS || slashes > MAX_SLASHES) return false;
      if (inContext && name === '@base') return false;
      waiting.push({ value: member, inContext: inContext || isContext });
    }
  }
  return typeof json === 'object' && json !== null;
}

function slashesIn(text: string): number {
  let slashes = 0;
  for (let at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at + 1)) slashes += 1;
  return slashes;
}
