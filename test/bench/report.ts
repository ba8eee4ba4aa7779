import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import type { Row } from './numbers.ts';

/** The rows as a Markdown table. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ what, value, against, ratio, wanted }) => {
    const shown = ratio === null ? '' : `${ratio.toFixed(ratio < 10 ? 2 : 1)} ×`;
    return `| ${what} | ${value} | ${against ?? ''} | ${shown} | ${wanted === null ? '' : `≥ ${wanted} ×`} |`;
  });
  return ['| | Outpost | held against | ratio | goal |', '|---|---|---|---|---|', ...lines].join('\n');
}

/** On what it was measured, in one line. */
export function describeMachine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${cpus().length} cores (${first?.model.trim() ?? 'unknown'}), ${memory} GiB, Node ${process.versions.node}, ${process.platform}`;
}

/** Puts text between two markers of a Markdown file; what is around them stays. */
export function writeBetween(file: string, name: string, text: string): void {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const page = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to === -1) throw new Error(`${file} has no place for ${name}: ${begin} … ${end}`);
  writeFileSync(file, `${page.slice(0, from + begin.length)}\n${text}\n${page.slice(to)}`);
}
