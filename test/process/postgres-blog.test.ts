import { expect, test } from 'vitest';
import { listComments } from '../../src/comments/comment-store.ts';
import { runOutpost } from '../support/command-line.ts';
import { createTestApp } from '../support/create-test-app.ts';
import { newPostgresUrl } from '../support/databases.ts';
import { until } from '../support/until.ts';

test('a whole small blog lives on PostgreSQL, with its plugins, its pages, its comments and its command line', async () => {
  const databaseUrl = await newPostgresUrl();
  const blog = await createTestApp({ env: { DATABASE_URL: databaseUrl } });
  const plugins = await blog.app.plugins.list();
  expect(plugins.filter(({ status }) => status === 'enabled').map(({ id }) => id)).toEqual([
    'federation',
    'feeds',
  ]);

  await blog.publish({ title: 'Über die Brücke', bodyMarkdown: 'Ein *Text*.', tags: ['Wege'] });
  await blog.idle();
  const { visitor } = blog;
  expect(await visitor.page('/')).toContain('Über die Brücke');
  expect(await visitor.page('/tag/wege')).toContain('Über die Brücke');
  expect(await visitor.page('/author/alice')).toContain('Über die Brücke');
  expect(await visitor.page('/search?q=BRÜCKE')).toContain('/ueber-die-bruecke');
  expect(await visitor.page('/feed')).toContain('<title>Über die Brücke</title>');
  const actor = await visitor.get('/author/alice', { accept: 'application/activity+json' });
  expect(await actor.json()).toMatchObject({ type: 'Person', preferredUsername: 'alice' });

  const page = await visitor.page('/ueber-die-bruecke');
  const token = /name="form_token" value="([^"]+)"/.exec(page)?.[1] ?? '';
  blog.advance(60);
  const sent = await visitor.post('/ueber-die-bruecke/comments', {
    name: 'Anna',
    email: '',
    url: '',
    text: 'Schön!',
    form_token: token,
  });
  expect(sent.status).toBeLessThan(400);
  const [comment] = await listComments(blog.app.deps.db, { limit: 9 });
  expect(comment).toMatchObject({ status: 'pending', text: 'Schön!' });

  const env = { OUTPOST_DATA: blog.dataFolder, DATABASE_URL: databaseUrl, OUTPOST_URL: blog.url };
  const { code, stderr } = await runOutpost(['comment', 'approve', comment?.id ?? ''], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  await until(
    'the comment is on the page',
    async () => (await visitor.page('/ueber-die-bruecke')).includes('Schön!'),
    1500,
  );
  expect(await (await blog.signIn()).page('/admin/comments?status=approved')).toContain('Schön!');
  expect(await runOutpost(['backup', '/tmp/never.tar.gz'], { env })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('pg_dump'),
  });
});
