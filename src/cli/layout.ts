/** How wide a table may be where the terminal does not say, in characters. */
const usualWidth = 100;

type Entry = readonly [string, unknown];

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function cell(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (Array.isArray(value)) return value.map(cell).join(', ') || '–';
  if (!isRecord(value)) return String(value).replace(/\s+/gu, ' ');
  if ('name' in value) return cell(value.name);
  return (
    Object.entries(value)
      .map(([name, item]) => `${name} ${cell(item)}`)
      .join(', ') || '–'
  );
}

/** What a command gives, for people: a table where it fits, else a block of lines for each thing. Nothing is cut. */
export function forPeople(value: unknown): string {
  return layOut(value, process.stdout.columns ?? usualWidth);
}

function layOut(value: unknown, width: number): string {
  if (Array.isArray(value)) return value.length === 0 ? 'Nothing.' : list(value, width);
  return isRecord(value) ? block(Object.entries(value), width) : cell(value);
}

/** Whether something has parts of its own to lay out below its name. */
function hasParts(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasParts);
  return isRecord(value) && !('name' in value) && Object.keys(value).length > 0;
}

const indent = '  ';

function block(entries: readonly Entry[], room: number): string {
  const width = Math.max(0, ...entries.filter(([, item]) => !hasParts(item)).map(([name]) => name.length));
  return entries
    .map(([name, item]) =>
      hasParts(item)
        ? `${name}\n${layOut(item, room - indent.length).replace(/^(?=.)/gm, indent)}`
        : `${name.padEnd(width)}  ${cell(item)}`,
    )
    .join('\n');
}

function list(rows: readonly unknown[], room: number): string {
  const records = rows.map((row) => {
    const entries = isRecord(row) ? Object.entries(row) : [['value', row] as const];
    return entries.filter(([name]) => name !== 'html');
  });
  const names = [...new Set(records.flatMap((record) => record.map(([name]) => name)))];
  const lines = records.map((record) => names.map((name) => cell(record.find(([key]) => key === name)?.[1])));
  const widths = names.map((name, index) =>
    Math.max(name.length, ...lines.map((line) => line[index]?.length ?? 0)),
  );
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  if (total > room) return records.map((record) => block(record, room)).join('\n\n');
  const format = (line: readonly string[]) =>
    line
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return [format(names), ...lines.map(format)].join('\n');
}

/** One thing that was looked at, with what to do about it where something is to be done. */
export type Finding = {
  check: string;
  status: 'ok' | 'warning' | 'error';
  detail: string;
  remedy: string | null;
};

const marks = { error: 'ERROR', warning: 'note', ok: 'ok' } as const;

/** Findings for people: the worst first, one line for each, and one more below it that says what to do. */
export function findingsForPeople(findings: readonly Finding[]): string {
  const statuses = ['error', 'warning', 'ok'] as const;
  const sorted = statuses.flatMap((status) => findings.filter((finding) => finding.status === status));
  const width = Math.max(0, ...findings.map(({ check }) => check.length));
  return sorted
    .map(({ check, status, detail, remedy }) => {
      const line = `${marks[status].padEnd(5)}  ${check.padEnd(width)}  ${cell(detail)}`;
      return remedy === null ? line : `${line}\n${' '.repeat(width + 9)}→ ${cell(remedy)}`;
    })
    .join('\n');
}
