import { expect, test } from 'vitest';
import { buryJob, deadJobs } from '../../src/jobs/job-store.ts';
import type { TestApp } from '../support/create-test-app.ts';
import { until } from '../support/until.ts';
import { shareBlog } from './share-blog.ts';

const sharedBlog = shareBlog();

/** Puts something into the queue that has been given up; gives its id. */
async function giveUp(blog: TestApp, kind: string, more: object = {}): Promise<string> {
  const { db, jobs, clock } = blog.app.deps;
  await jobs.add(db, { kind, payload: null, runAt: new Date(clock.now().getTime() + 3_600_000), ...more });
  const { id } = await db.selectFrom('jobs').select('id').where('kind', '=', kind).executeTakeFirstOrThrow();
  await buryJob(db, id, 'The mail server says <no>.');
  return id;
}

test('the owner sees what was given up, with name, subject and reason, and where to look for it', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  expect(await client.page('/admin')).not.toContain('/admin/tasks');
  expect(await client.page('/admin/tasks')).toContain('Nothing was given up');
  await giveUp(blog, 'action:stats', { payload: { name: 'post.published', payload: {} }, subject: 'post 7' });
  expect(await client.page('/admin')).toMatch(/<strong>1<\/strong> task that was given up/);
  const html = await client.page('/admin/tasks');
  expect(html).toContain('stats: hearing what has happened');
  expect(html).toContain('post.published · post 7');
  expect(html).toContain('The mail server says &lt;no&gt;.');
});

test('a task is tried again, or dropped, once', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  const ran: string[] = [];
  const again = await giveUp(blog, 'again');
  const unwanted = await giveUp(blog, 'unwanted');
  for (const kind of ['again', 'unwanted'])
    blog.app.deps.jobs.define({ kind, handler: async () => void ran.push(kind) });
  expect((await client.post(`/admin/tasks/${again}/retry`, {})).status).toBe(303);
  await client.post(`/admin/tasks/${unwanted}/drop`, {});
  expect(await client.page('/admin/tasks')).toContain('Dropped.');
  await until('it ran', () => ran.includes('again'));
  expect(ran).toEqual(['again']);
  for (const deed of ['retry', 'drop'])
    expect((await client.post(`/admin/tasks/${unwanted}/${deed}`, {})).status).toBe(404);
});

test('all are tried again with one button', async () => {
  const blog = sharedBlog();
  const client = await blog.signIn();
  const ran: string[] = [];
  for (const kind of ['first', 'second']) {
    await giveUp(blog, kind);
    blog.app.deps.jobs.define({ kind, handler: async () => void ran.push(kind) });
  }
  await client.post('/admin/tasks/retry-all', {});
  await until('both ran', () => ran.length === 2);
  expect((await deadJobs(blog.app.deps.db, 10)).filter((job) => ran.includes(job.kind))).toEqual([]);
});
