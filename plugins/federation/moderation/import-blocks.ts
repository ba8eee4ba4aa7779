import { readFile } from 'node:fs/promises';
import { InvalidError } from 'outpost/plugin';
import type { FederationContext } from '../context.ts';
import { callOffDeliveries } from '../delivery/delivery-store.ts';
import type { FederationTables } from '../tables.ts';
import { type BlockLevel, readBlockTarget } from './block.ts';
import { forgetBlockLevels, noteBlockChange } from './block-level.ts';
import { putBlock, removeBlockedFollowers } from './block-store.ts';
import { hide } from './blocked-voices.ts';

/** What an import did, or would do. */
export type BlockImport = {
  added: number;
  skipped: { line: number; text: string; reason: string }[];
  dryRun: boolean;
};

type Line = { value: string; level: BlockLevel; reason: string };

const mostLines = 100_000;

/**
 * Takes in a list of blocked domains, as Mastodon and others write them: CSV with a heading or one domain on each line.
 * All of it or nothing.
 * @throws InvalidError where the file cannot be read
 */
export async function importBlocks(
  context: FederationContext,
  file: string,
  { dryRun }: { dryRun: boolean },
): Promise<BlockImport> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new InvalidError('federation.blocks', `${file} cannot be read: ${String(cause)}`);
  });
  const { lines, skipped } = readBlockList(text, context.origin);
  if (!dryRun) {
    await context.database.transaction<FederationTables, void>(async (trx) => {
      const now = context.now().toISOString();
      await noteBlockChange(trx);
      await context.refreshPages(trx);
      for (const { value, level, reason } of lines) {
        await putBlock(trx, { id: context.newId(), kind: 'host', value, level, reason, created_at: now });
        if (level !== 'block') continue;
        await removeBlockedFollowers(trx, { kind: 'host', value });
        await callOffDeliveries(trx, { host: value, reason: 'The server is blocked.' });
      }
      await hide(
        context,
        trx,
        lines.map(({ value }) => ({ kind: 'host', value })),
      );
    });
    forgetBlockLevels(context);
  }
  return { added: lines.length, skipped, dryRun };
}

/** Reads a list of blocks; each domain once, this site's own never. */
export function readBlockList(
  text: string,
  origin: string,
): { lines: Line[]; skipped: BlockImport['skipped'] } {
  const lines = new Map<string, Line>();
  const skipped: BlockImport['skipped'] = [];
  for (const [index, written] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/, mostLines)
    .entries()) {
    const [domain = '', severity = '', ...rest] = cells(written);
    const isHeading = /^#?\s*domain$/i.test(domain) || (domain.startsWith('#') && domain !== '');
    if (domain === '' || isHeading) continue;
    try {
      const target = readBlockTarget(domain, origin);
      if (target.kind !== 'host') throw new InvalidError('federation.block', 'This is no domain.');
      const level = /^(?:silence|limit|noop)$/i.test(severity) ? 'silence' : 'block';
      const reason = rest.find((cell) => cell !== '' && !/^(?:true|false)$/i.test(cell)) ?? '';
      lines.set(target.value, { value: target.value, level, reason: reason.slice(0, 1000) });
    } catch (error) {
      if (!(error instanceof InvalidError)) throw error;
      skipped.push({ line: index + 1, text: written.slice(0, 100), reason: error.publicMessage });
    }
  }
  return { lines: [...lines.values()], skipped };
}

/** The cells of a line of CSV; quotation marks may stand around them. */
function cells(line: string): string[] {
  const found: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] ?? '';
    if (char === '"' && quoted && line[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (char === '"') quoted = !quoted;
    else if (char === ',' && !quoted) {
      found.push(cell.trim());
      cell = '';
    } else cell += char;
  }
  return [...found, cell.trim()];
}
