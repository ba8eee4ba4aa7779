import { expect, test } from 'vitest';
import { publishPost } from '../../src/posts/publish-post.ts';
import { createPost } from '../../src/posts/write-post.ts';
import { changeSettings } from '../../src/settings/site-settings.ts';
import { createTestApp } from '../support/create-test-app.ts';
import { enterFollowers } from '../support/follow.ts';

test('the machine itself is told how much waits, as Prometheus reads it; others are not', async () => {
  const { app, owner, url, idle } = await createTestApp({ plugins: ['federation'] });
  await enterFollowers(app.deps.db, owner?.id ?? '', ['http://localhost:9/inbox']);
  const draft = await createPost(app.deps, { authorId: owner?.id ?? '', title: 'Waits' });
  await publishPost(app.deps, draft.id);
  await idle();

  const answer = await fetch(`${url}/metrics`);
  expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  const text = await answer.text();
  expect(text).toContain('# TYPE outpost_jobs gauge');
  expect(text).toContain('outpost_federation_deliveries_waiting{state="failed"} 1');
  expect(text).toContain('outpost_federation_servers{health="failing"} 1');

  const proxied = await fetch(`${url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.7' } });
  expect(proxied.status).toBe(403);

  const asked = (token: string) =>
    fetch(`${url}/metrics`, {
      headers: { 'x-forwarded-for': '203.0.113.7', authorization: `Bearer ${token}` },
    });
  const token = 'a-token-that-nobody-guesses';
  expect((await asked(token)).status).toBe(403);
  await changeSettings(app.deps, { metricsToken: token });
  expect((await asked(token)).status).toBe(200);
  expect((await asked(`${token}x`)).status).toBe(403);
});
