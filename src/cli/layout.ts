/** How wide a table may be where the terminal does not say, in characters. */
const usualWidth = 100;

function cell(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (Array.isArray(value)) return value.map(nameOrCell).join(', ') || '–';
  if (typeof value === 'object') return 'name' in value ? String(value.name) : JSON.stringify(value);
  return String(value).replace(/\s+/gu, ' ');
}

function nameOrCell(item: unknown): string {
  return typeof item === 'object' && item !== null && 'name' in item ? String(item.name) : cell(item);
}

/** What a command gives, for people: a table where it fits, else a block of lines for each thing. Nothing is cut. */
export function forPeople(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'Nothing.' : list(value);
  if (typeof value !== 'object' || value === null) return cell(value);
  return block(Object.entries(value));
}

function block(entries: readonly (readonly [string, unknown])[]): string {
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, item]) => `${name.padEnd(width)}  ${cell(item)}`).join('\n');
}

function list(rows: readonly unknown[]): string {
  const records = rows.map((row) => {
    const entries = typeof row === 'object' && row !== null ? Object.entries(row) : [['value', row] as const];
    return entries.filter(([name]) => name !== 'html');
  });
  const names = [...new Set(records.flatMap((record) => record.map(([name]) => name)))];
  const lines = records.map((record) => names.map((name) => cell(record.find(([key]) => key === name)?.[1])));
  const widths = names.map((name, index) =>
    Math.max(name.length, ...lines.map((line) => line[index]?.length ?? 0)),
  );
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  if (total > (process.stdout.columns ?? usualWidth)) return records.map(block).join('\n\n');
  const format = (line: readonly string[]) =>
    line
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return [format(names), ...lines.map(format)].join('\n');
}
