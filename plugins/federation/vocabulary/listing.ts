import { idOf, idsOf } from './ids.ts';
import { count, first, firstNode } from './shapes.ts';
import { asNode } from './terms.ts';

/**
 * What an object says of a collection that belongs to it (`replies`, `likes`, `shares`): where it is, and what came
 * along. The collection itself is read with `readCollection` once it was fetched.
 */
export type ForeignListing = {
  /** Null where it came embedded without an id (GoToSocial's poll options). */
  id: string | null;
  /** The page to ask for first; null where it came embedded and is all there is. */
  next: string | null;
  /** Ids of what came along; copies that were embedded are not believed. */
  items: string[];
  /** How many there are by the author's server's own account. */
  totalItems: number | null;
};

/** The collection in a member of an object: its id, or itself with its first page (Mastodon, Akkoma). */
export function listingOf(value: unknown): ForeignListing | null {
  const entry = first(value);
  if (entry === null) return null;
  const node = asNode(entry);
  const id = idOf(entry);
  if (!node) return id === null ? null : { id, next: id, items: [], totalItems: null };
  const page = firstNode(node.first);
  const source = page ?? node;
  return {
    id,
    next: page ? (idOf(page.next) ?? null) : idOf(node.first),
    items: idsOf(source.orderedItems ?? source.items),
    totalItems: count(node.totalItems),
  };
}
