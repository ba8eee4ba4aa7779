import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Deed } from './deeds.ts';
import { softwares } from './software.ts';

const document = readFileSync(join(import.meta.dirname, '../../../../docs/interoperability.md'), 'utf8');

/** The columns of the documentation's table; what is sent there is no deed of theirs. */
const columns: readonly (Deed | null)[] = [
  ...(['follow', null, 'reply', 'edit', 'remove', 'like'] as const),
  ...(['boost', 'mention', 'unfollow', 'block', 'move'] as const),
];

const rows = document
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| Software'))
  .map((line) => line.split('|').slice(1, -1))
  .map(([names = '', ...cells]) => ({
    names: names.split(',').map((name) => name.trim()),
    cells: cells.map((cell) => cell.trim()),
  }));

test.each(softwares.map((software) => [software.name, software] as const))(
  'the documentation says of %s what the acceptance table shows',
  (name, { deeds }) => {
    const row = rows.find(({ names }) => names.includes(name));
    expect(row?.cells).toHaveLength(columns.length);
    const documented = columns.filter((deed, at) => deed !== null && row?.cells[at]?.startsWith('✓'));
    expect(new Set(documented)).toEqual(
      new Set(Object.keys(deeds)).difference(new Set(['unlike', 'unboost'])),
    );
  },
);

test('every system that is named in the table has a word of its own', () => {
  const rest = document.slice(document.indexOf('## System by system'));
  for (const { names } of rows) {
    for (const name of names) expect(rest, name).toContain(name.replace('-JS', ''));
  }
});
