import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blockTarget, unblockTarget } from '../../../../plugins/federation/moderation/apply-block.ts';
import { blockLevelOf } from '../../../../plugins/federation/moderation/block-level.ts';
import { until } from '../../../support/until.ts';
import { type FederatedBlog, startFederatedBlog } from '../support.ts';

describe.each(['sqlite', 'postgres'] as const)('what is decided about a server, on %s', (dialect) => {
  let blog: FederatedBlog;
  beforeAll(async () => {
    blog = await startFederatedBlog({ untilTestEnds: false, dialect });
  });
  afterAll(() => blog.close());

  test('is seen at once where it was decided, and soon by the other nodes', async () => {
    const here = blog.context;
    // A context of its own stands for another node on the same database.
    const there = { ...blog.context };
    const about = { host: 'sub.spam.example', actorId: 'https://sub.spam.example/users/bob' };
    expect(await blockLevelOf(here, about)).toBeNull();
    expect(await blockLevelOf(there, about)).toBeNull();

    await blockTarget(here, { typed: 'spam.example', level: 'block', reason: '' });
    expect(await blockLevelOf(here, about)).toBe('block');
    await until('the other node knows', async () => (await blockLevelOf(there, about)) === 'block');

    await blockTarget(here, { typed: 'spam.example', level: 'silence', reason: '' });
    expect(await blockLevelOf(here, about)).toBe('silence');
    await unblockTarget(here, 'spam.example');
    expect(await blockLevelOf(here, about)).toBeNull();
    await until('the other node knows', async () => (await blockLevelOf(there, about)) === null);
  });

  test('is asked of the database once', async () => {
    let asked = 0;
    const { database } = blog.context;
    const as: typeof database.as = () => {
      asked += 1;
      return database.as();
    };
    const context = { ...blog.context, database: { ...database, as } };
    for (let time = 0; time < 50; time += 1)
      await blockLevelOf(context, { host: 'a.example', actorId: null });
    // Once whether anything has changed, and once for the server.
    expect(asked).toBe(2);
  });
});
