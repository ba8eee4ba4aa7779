import { expect, onTestFinished, test } from 'vitest';
import type { Fault } from '../../../../src/config.ts';
import { startFederatedApp } from '../../../support/federated-app.ts';
import { enterFollowers } from '../../../support/follow.ts';

test('a result that cannot be written down ends the run in order, and nobody is left out', async () => {
  const app = await startFederatedApp({ hosts: ['crowd.example'] });
  onTestFinished(() => app.close());
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', note);
  onTestFinished(() => {
    process.off('unhandledRejection', note);
  });
  const peer = app.peer('crowd.example');
  const inboxes = Array.from({ length: 12 }, (_, n) => `http://crowd.example/users/${n}/inbox`);
  await enterFollowers(app.app.deps.db, app.owner?.id ?? '', inboxes);
  peer.answerInbox(() => ({ status: 202, delayMs: 40 }));
  const faults = app.app.deps.config.faults as Map<string, Fault>;
  faults.set('deliver.before-mark', { kind: 'throw' });

  await app.publish({ title: 'For twelve' });
  const before = peer.delivered.length;
  expect(unhandled).toEqual([]);
  expect(before).toBeLessThan(12);
  faults.clear();
  app.advance(600);
  await app.idle();
  expect(new Set(peer.delivered.map(({ url }) => url)).size).toBe(12);
  expect(peer.delivered.length).toBeLessThanOrEqual(12 + before);
});
