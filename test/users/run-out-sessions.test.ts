import { expect, test } from 'vitest';
import { insertSession, listSessions } from '../../src/users/session-store.ts';
import { createTestApp } from '../support/create-test-app.ts';
import { until } from '../support/until.ts';

test('sign-ins that have run out are removed while the blog runs', async () => {
  const blog = await createTestApp({ plugins: [] });
  const { db, clock } = blog.app.deps;
  const userId = blog.owner?.id ?? '';
  await blog.idle();
  await insertSession(db, { userId, userAgent: 'test', now: clock.now() });
  expect(await listSessions(db, userId)).toHaveLength(1);
  blog.advance(31 * 24 * 3600);
  await until('it is gone', async () => (await listSessions(db, userId)).length === 0);
});
