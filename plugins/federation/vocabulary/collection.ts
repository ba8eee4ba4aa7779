import { type ObjectRef, readRef } from './activity.ts';
import { idOf, isId } from './ids.ts';
import { MAX_LIST_ENTRIES } from './limits.ts';
import { malformed, type Refused } from './refusal.ts';
import { count, entries, firstNode } from './shapes.ts';
import { documentNode, type NodeObject, typesOf } from './terms.ts';

/** A collection or one page of it. Where it came with its first page embedded, the items are that page's. */
export type ForeignCollection = {
  id: string | null;
  /** At most 1,000; embedded copies are claims about their ids. */
  items: ObjectRef[];
  /** The page to fetch next, the first one where no items came along. It may lead in circles. */
  next: string | null;
  /** How many there are by their own account; null where they do not say. */
  totalItems: number | null;
};

const COLLECTION_TYPES: ReadonlySet<string> = new Set([
  'Collection',
  'OrderedCollection',
  'CollectionPage',
  'OrderedCollectionPage',
]);

/**
 * Reads a collection or a page: ids, embedded objects or both (Mastodon's followers), in `items` or `orderedItems`,
 * or in the embedded `first` page (Mastodon's replies).
 *
 * Source: ActivityStreams 2.0 Core, section 5.
 */
export function readCollection(
  json: unknown,
): { kind: 'collection'; collection: ForeignCollection } | Refused {
  const node = documentNode(json);
  if (!node || !isCollectionNode(node)) return malformed('The document is not a collection.');
  const embeddedPage = firstNode(node.first);
  const page = embeddedPage && !hasItems(node) ? embeddedPage : node;
  const items = entries(page.orderedItems ?? page.items, MAX_LIST_ENTRIES).flatMap(
    (item) => readRef(item) ?? [],
  );
  const collection: ForeignCollection = {
    id: isId(node.id) ? node.id : null,
    items,
    next: idOf(page.next) ?? (hasItems(page) ? null : idOf(node.first)),
    totalItems: count(node.totalItems),
  };
  return { kind: 'collection', collection };
}

/** Akkoma leaves the type out of pages; their members tell. */
function isCollectionNode(node: NodeObject): boolean {
  return typesOf(node).some((type) => COLLECTION_TYPES.has(type)) || hasItems(node);
}

function hasItems(node: NodeObject): boolean {
  return node.items !== undefined || node.orderedItems !== undefined;
}
