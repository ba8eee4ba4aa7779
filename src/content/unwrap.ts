import type { Attributes, Tag } from 'sanitize-html';

const marked = new WeakSet<Attributes>();

/**
 * What a transformer answers when an element goes and what is in it stays. Not another name: sanitize-html remembers the
 * names it gave by depth, and forgets to forget those of elements that are then dropped.
 */
export function unwrap(tagName: string): Tag {
  const attribs: Attributes = {};
  marked.add(attribs);
  return { tagName, attribs };
}

/** Whether these are the attributes of an element that goes. */
export function isUnwrapped(attribs: Attributes): boolean {
  return marked.has(attribs);
}
