import { expect, test } from 'vitest';
import { claimMoment } from '../../src/jobs/claim-moment.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase((openCore) => {
  test('of all nodes one gets each moment, and nobody one that is over', async () => {
    const { db } = await openCore();
    const ask = (moment: string, key = 'a') => claimMoment(db, key, moment);
    const asked = await Promise.all([1, 2, 3].map(() => ask('2026-11-20T12:00:00')));

    expect(asked.filter(Boolean)).toHaveLength(1);
    expect(await ask('2026-11-20T12:00:00', 'b')).toBe(true);
    expect(await ask('2026-11-20T12:00:01')).toBe(true);
    expect(await ask('2026-11-20T12:00:00')).toBe(false);
  });
});
