const rows = ['table', 'tbody', 'tfoot', 'thead'];

/** Elements that stand in certain others only. */
const parents: Readonly<Record<string, readonly string[]>> = {
  caption: ['table'],
  dd: ['dl'],
  dt: ['dl'],
  li: ['ol', 'ul'],
  tbody: ['table'],
  td: ['tr'],
  tfoot: ['table'],
  th: ['tr'],
  thead: ['table'],
  tr: rows,
};

/** In these nothing else may stand. */
const strict = new Set([...rows, 'tr']);
const loose = new Set(['dd', 'dt', 'li']);

/**
 * What an element becomes where it stands: itself, a paragraph, or nothing. A list item outside of a list, or a box between
 * the rows of a table, makes browsers close elements of the page around it, and so lets a text out of its place.
 */
export function fittingElement(element: string, parent: string): string | null {
  const allowed = Object.hasOwn(parents, element) ? parents[element] : undefined;
  if (allowed ? allowed.includes(parent) : !strict.has(parent)) return element;
  return loose.has(element) && !strict.has(parent) ? 'p' : null;
}
