import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/open.ts';
import { enterFollowers } from '../support/follow.ts';
import { type InboxServers, startInboxServers } from '../support/inbox-server.ts';
import { type OutpostProcess, startOutpost } from '../support/outpost-process.ts';
import { until } from '../support/until.ts';

const followers = 500;
const hosts = 10;

let blog: OutpostProcess;
let servers: InboxServers;
let inboxes: string[];

beforeAll(async () => {
  [blog, servers] = await Promise.all([startOutpost(), startInboxServers(hosts)]);
  inboxes = Array.from({ length: followers }, (_, n) => `${servers.origins[n % hosts]}/users/${n}/inbox`);
  const [author] = (await blog.run('user', 'list')) as { id: string }[];
  const database = await openDatabase({ databaseUrl: null, dataFolder: blog.dataFolder });
  await enterFollowers(database.db, author?.id ?? '', inboxes);
  await database.close();
});
afterAll(async () => {
  await blog?.close();
  await servers?.close();
});

/** The ids of the activities that came to each inbox, as often as they came. */
function arrivals(): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const { headers, target, body } of servers.captured) {
    const inbox = `http://${headers.host}${target}`;
    const { id } = JSON.parse(body.toString()) as { id: string };
    ids.set(inbox, [...(ids.get(inbox) ?? []), id]);
  }
  return ids;
}

const summary = async () =>
  (await blog.run('federation', 'deliveries', '--summary')) as { states?: Record<string, number> };

test('killed twice while a post goes to five hundred followers, it reaches every one of them', async () => {
  const published = blog.run('post', 'create', '--author', 'alice', '--title', 'Sent in pieces', '--publish');
  const kills = [60, 250];
  for (const enough of kills) {
    await until(`${enough} have it`, () => arrivals().size >= enough, 20_000);
    await blog.kill();
    expect(arrivals().size).toBeLessThan(followers);
    await published;
    await blog.restart();
  }
  await until('all have it', () => arrivals().size === followers, 20_000);
  await until(
    'nothing is left to send',
    async () => JSON.stringify(await summary()).includes('"delivered":500'),
    10_000,
  );

  const all = arrivals();
  expect([...all.keys()].sort()).toEqual([...inboxes].sort());
  expect(new Set([...all.values()].flat()).size).toBe(1);
  // What was sent and not yet written down goes once more after each kill, and no oftener.
  expect(Math.max(...[...all.values()].map((ids) => ids.length))).toBeLessThanOrEqual(1 + kills.length);
});
