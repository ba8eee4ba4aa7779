import { afterAll, beforeAll, expect, test } from 'vitest';
import { composeNotice } from '../../../../plugins/federation/notices/compose-notice.ts';
import { changeSettings } from '../../../../src/settings/site-settings.ts';
import {
  activityOf,
  type FederatedApp,
  followOf,
  noteOf,
  startFederatedApp,
} from '../../../support/federated-app.ts';

let app: FederatedApp;
let ahead = 0;
beforeAll(async () => {
  app = await startFederatedApp();
  await changeSettings(app.app.deps, { smtpUrl: 'smtp://127.0.0.1:1', mailFrom: 'blog@blog.example' });
  await app.app.plugins.find('federation')?.context.settings.set({ mailFollowers: true });
  // The mails are looked at where they wait.
  app.app.deps.jobs.undefine('mail');
});
afterAll(() => app.close());

/** The mails that were queued since the last look. */
async function mails(): Promise<{ to: string; subject: string; text: string }[]> {
  const rows = await app.app.deps.db
    .deleteFrom('jobs')
    .where('kind', '=', 'mail')
    .returning('payload')
    .execute();
  return rows.map(({ payload }) => JSON.parse(payload));
}

async function pass(seconds: number): Promise<void> {
  ahead += seconds;
  app.advance(seconds);
  await app.idle();
}

const date = () => new Date(Date.now() + ahead * 1000);

test('what comes close together is one mail of each kind, with nothing private in it', async () => {
  const bob = app.peer('good.example').actor('bob');
  const eve = app.peer('other.example').actor('eve');
  const post = await app.publish({ title: 'Hello' });
  const say = (content: string, members = {}) =>
    activityOf(bob, 'Create', noteOf(bob, { inReplyTo: post.id, content, ...members }));
  for (const actor of [bob, eve]) await actor.send(app.url, followOf(actor, app.author));
  await bob.send(app.url, say('<p>One.</p>'));
  await bob.send(app.url, say('<p>Two.</p>'));
  await bob.send(app.url, say('<p>A secret.</p>', { to: [app.author], cc: [] }));
  await app.idle();
  expect(await mails()).toEqual([]);

  await pass(11 * 60);

  const sent = await mails();
  expect(sent.map(({ to }) => to)).toEqual(Array(3).fill('alice@blog.example'));
  expect(sent.map(({ subject }) => subject).sort()).toEqual([
    '1 message from other servers',
    '2 answers from other servers wait for you',
    '2 new followers',
  ]);
  expect(JSON.stringify(sent)).toContain('Bob (@bob@good.example) wrote to you privately');
  expect(JSON.stringify(sent)).not.toContain('A secret.');
});

test('what was told is not told again, and followers once a day', async () => {
  const ida = app.peer('good.example').actor('ida');
  await ida.send(app.url, followOf(ida, app.author), { date: date() });
  await pass(11 * 60);
  expect(await mails()).toEqual([]);

  await pass(24 * 3600);
  await app.app.plugins.find('federation')?.context.jobs.add(null, 'notices', {});
  await app.idle();

  expect((await mails()).map(({ subject }) => subject)).toEqual(['1 new follower']);
});

test('a post that could not be delivered is told of', async () => {
  const peer = app.peer('friend.example');
  const fan = peer.actor('fan');
  await fan.send(app.url, followOf(fan, app.author), { date: date() });
  await app.idle();
  peer.answerInbox(() => 422);
  await app.publish({ title: 'Refused there' });
  await pass(11 * 60);

  const mail = (await mails()).find(({ subject }) => subject.includes('delivered'));
  expect(mail?.subject).toBe('1 post could not be delivered everywhere');
  expect(mail?.text).toContain('“Refused there”: friend.example');
});

test('a mail lists ten and counts the rest', () => {
  const names = Array.from({ length: 30 }, (_, index) => `Fan ${index}`);
  const { text } = composeNotice(
    { kind: 'followers', names, total: 30 },
    'https://blog.example/admin/federation',
  );
  expect(text.match(/^- Fan/gm)).toHaveLength(10);
  expect(text).toContain('- and 20 more');
});

test('a quote that waits for the author is told of, one that may stand is not', async () => {
  const context = app.app.plugins.find('federation')?.context;
  const dan = app.peer('good.example').actor('dan');
  const post = await app.publish({ title: 'Quotable', slug: 'quotable' });
  const quote = () => activityOf(dan, 'Create', noteOf(dan, { quoteUrl: post.id }));
  await dan.send(app.url, quote(), { date: date() });
  await app.idle();
  await context?.settings.set({ canQuote: 'ask' });
  await dan.send(app.url, quote(), { date: date() });
  await pass(11 * 60);
  const sent = (await mails()).filter(({ subject }) => subject.includes('quote'));
  expect(sent.map(({ subject }) => subject)).toEqual(['1 quote of your posts waits for you']);
  expect(sent[0]?.text).toContain('Dan (@dan@good.example) quotes “Quotable”');
  expect(sent[0]?.text).toContain('/admin/federation/quotes');
});
