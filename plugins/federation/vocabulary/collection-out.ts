import { type Json, objectContext, plainContext } from './context-out.ts';

/** The address of a page of a collection, from 1. */
export function pageAddressOf(id: string, page: number): string {
  return `${id}?page=${page}`;
}

/**
 * A collection: with all its items where they are given, else with the address of its first page.
 * Source: ActivityStreams 2.0 Core, section 5
 */
export function collectionDocument(input: {
  id: string;
  totalItems: number;
  /** Whether the order means something. Default: yes, newest first. */
  ordered?: boolean;
  items?: readonly unknown[];
  firstPage?: string;
  more?: Json;
  /** Whether whole objects are among the items, whose words need defining. */
  withObjects?: boolean;
}): Json {
  const { id, totalItems, ordered = true, items, firstPage, more, withObjects = false } = input;
  return {
    '@context': withObjects ? objectContext : plainContext,
    id,
    type: ordered ? 'OrderedCollection' : 'Collection',
    ...more,
    totalItems,
    ...(items && { [ordered ? 'orderedItems' : 'items']: items }),
    ...(firstPage && { first: firstPage }),
  };
}

/** One page of a collection. Source: ActivityStreams 2.0 Core, section 5.2 */
export function pageDocument(input: {
  id: string;
  partOf: string;
  totalItems: number;
  items: readonly unknown[];
  prev?: string | null;
  next?: string | null;
  ordered?: boolean;
  /** Whether whole objects are among the items, whose words need defining. */
  withObjects?: boolean;
}): Json {
  const { id, partOf, totalItems, items, prev, next, ordered = true, withObjects = false } = input;
  return {
    '@context': withObjects ? objectContext : plainContext,
    id,
    type: ordered ? 'OrderedCollectionPage' : 'CollectionPage',
    partOf,
    totalItems,
    ...(prev && { prev }),
    ...(next && { next }),
    [ordered ? 'orderedItems' : 'items']: items,
  };
}

/** The addresses of a page, of the one before and of the one after it, in a collection whose pages are numbered. */
export function numberedPage(
  collectionId: string,
  page: number,
  hasNext: boolean,
): { id: string; partOf: string; prev: string | null; next: string | null } {
  return {
    id: pageAddressOf(collectionId, page),
    partOf: collectionId,
    prev: page > 1 ? pageAddressOf(collectionId, page - 1) : null,
    next: hasNext ? pageAddressOf(collectionId, page + 1) : null,
  };
}
