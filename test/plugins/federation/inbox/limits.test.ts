import { expect, onTestFinished, test } from 'vitest';
import { type FederationContext, tablesOf } from '../../../../plugins/federation/context.ts';
import { findReceivedComment } from '../../../../src/comments/comment-store.ts';
import { activityOf, noteOf, startFederatedApp } from '../../../support/federated-app.ts';

test('who sends too much is told to wait, and others are not', async () => {
  const app = await startFederatedApp();
  onTestFinished(() => app.close());
  await app.app.plugins.find('federation')?.context.settings.set({ inboxPerActor: 10 });
  const loud = app.peer('good.example').actor('loud');
  const quiet = app.peer('good.example').actor('quiet');

  const statuses: number[] = [];
  for (let time = 0; time < 12; time += 1) {
    const answer = await loud.send(app.url, activityOf(loud, 'View', app.author));
    statuses.push(answer.status);
    if (answer.status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }

  expect(statuses).toEqual([...Array(10).fill(202), 429, 429]);
  expect((await quiet.send(app.url, activityOf(quiet, 'View', app.author))).status).toBe(202);
});

test('what was deleted elsewhere and never here is remembered only so much', async () => {
  const app = await startFederatedApp();
  onTestFinished(() => app.close());
  const context = app.app.plugins.find('federation')?.context as unknown as FederationContext;
  const loud = app.peer('good.example').actor('loud');
  const post = await app.publish();
  const note = noteOf(loud, { inReplyTo: post.id });
  const create = activityOf(loud, 'Create', note);
  await loud.send(app.url, create);
  await app.idle();

  for (let time = 0; time < 32; time += 1) {
    const ids = Array.from({ length: 100 }, (_, index) => `https://good.example/notes/${time}-${index}`);
    await loud.send(app.url, activityOf(loud, 'Delete', ids));
  }
  await loud.send(app.url, activityOf(loud, 'Delete', note.id));
  await app.idle();
  const remembered = await tablesOf(context)
    .selectFrom('plugin_federation_gone')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirst();
  expect(Number(remembered?.count)).toBeLessThanOrEqual(3_001);

  await loud.send(app.url, { ...create, id: `${String(create.id)}/again` });
  await app.idle();
  expect(await findReceivedComment(app.app.deps.db, 'fediverse', String(note.id))).toBeNull();
});
