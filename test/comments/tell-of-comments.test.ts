import { expect, test } from 'vitest';
import { submitComment } from '../../src/comments/submit-comment.ts';
import { tellOfCommentsJob } from '../../src/comments/tell-of-comments.ts';
import type { Job } from '../../src/jobs/job.ts';
import { publishPost } from '../../src/posts/publish-post.ts';
import { createPost } from '../../src/posts/write-post.ts';
import { changeSettings } from '../../src/settings/site-settings.ts';
import { forEachDatabase, type OpenCore } from '../support/databases.ts';
import { addUser } from '../support/people.ts';

const mailServer = { smtpUrl: 'smtp://localhost', mailFrom: 'blog@blog.example' };

async function openBlog(openCore: OpenCore) {
  const deps = await openCore();
  const owner = await addUser(deps, 'marit');
  await addUser(deps, 'otto', 'author');
  const { id: postId } = await createPost(deps, { authorId: owner.id, title: 'Hello' });
  await publishPost(deps, postId);
  const comment = (text: string, honeypot = '') =>
    submitComment(deps, {
      ...{ postId, parentId: null, name: 'Anna', email: '', url: '', text, honeypot, formAgeMs: 9000 },
    });
  const orders = () => deps.db.selectFrom('jobs').select('run_at').where('kind', '=', 'tell of comments');
  const tell = () => tellOfCommentsJob(deps).handler({} as Job, new AbortController().signal);
  const mails = async () => {
    const rows = await deps.db.selectFrom('jobs').select('payload').where('kind', '=', 'mail').execute();
    await deps.db.deleteFrom('jobs').where('kind', '=', 'mail').execute();
    return rows.map((row) => JSON.parse(row.payload));
  };
  return { deps, owner, comment, orders, tell, mails };
}

forEachDatabase((openCore) => {
  test('who owns the blog is told of comments that wait, once and of several in one mail', async () => {
    const { deps, owner, comment, orders, tell, mails } = await openBlog(openCore);
    await changeSettings(deps, { ...mailServer, mailNewComments: true });
    await comment('The first');
    await comment('The second');
    await comment('Cheap watches', 'filled in');
    expect(await orders().execute()).toEqual([{ run_at: '2026-11-20T12:10:00.000Z' }]);

    await tell();
    const [mail, ...others] = await mails();
    expect(others).toEqual([]);
    expect(mail).toMatchObject({ to: owner.email, subject: '2 comments wait for you' });
    expect(mail.text).toContain('- Anna on “Hello”: The first\n- Anna on “Hello”: The second');
    expect(mail.text).not.toContain('watches');
    await tell();
    expect(await mails()).toEqual([]);
    await comment('The third');
    await tell();
    expect(await mails()).toMatchObject([{ subject: 'A comment waits for you' }]);
  });

  test('nobody is told who has not asked for it', async () => {
    const { deps, comment, tell, mails } = await openBlog(openCore);
    await changeSettings(deps, { ...mailServer, mailNewComments: false });
    await comment('The first');
    await tell();
    expect(await mails()).toEqual([]);
  });
});
