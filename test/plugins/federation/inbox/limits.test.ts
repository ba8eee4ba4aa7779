import { expect, onTestFinished, test } from 'vitest';
import { activityOf, startFederatedApp } from '../../../support/federated-app.ts';

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
