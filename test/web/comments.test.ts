import { expect, test } from 'vitest';
import { listComments } from '../../src/comments/comment-store.ts';
import { moderateComments } from '../../src/comments/moderate-comments.ts';
import type { Post } from '../../src/posts/post.ts';
import { trashPost } from '../../src/posts/publish-post.ts';
import { updatePost } from '../../src/posts/write-post.ts';
import { type OpenSite, openSite } from './open-site.ts';

async function openForm(): Promise<{
  site: OpenSite;
  post: Post;
  form: (fields?: Record<string, string>) => Promise<Record<string, string>>;
}> {
  const site = await openSite();
  const post = await site.publish({ title: 'Talk', bodyMarkdown: 'x' });
  const form = async (fields: Record<string, string> = {}) => {
    const html = await site.page('/talk');
    const token = /name="form_token" value="([^"]+)"/.exec(html)?.[1] ?? '';
    site.advance(30);
    return {
      form_token: token,
      parent_id: '',
      name: 'Ruth',
      email: '',
      url: '',
      text: 'A good read.',
      subject: '',
      ...fields,
    };
  };
  return { site, post, form };
}

const stored = (site: OpenSite) => listComments(site.deps.db, { limit: 100 });

test("a reader's comment waits for the owner, and the reader is told", async () => {
  const { site, form } = await openForm();
  const answer = await site.post(
    '/talk/comments',
    await form({ text: 'A good read,\r\nreally.', url: 'https://ruth.example' }),
  );
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe('/talk?comment=held#comments');
  expect(answer.headers.get('set-cookie')).toBeNull();

  const [comment] = await stored(site);
  expect(comment).toMatchObject({
    status: 'pending',
    raw: 'A good read,\nreally.',
    author: { name: 'Ruth', url: 'https://ruth.example/' },
  });
  expect(await site.page('/talk?comment=held')).toContain('your comment has arrived');
  expect(await site.page('/talk')).not.toContain('A good read');
});

test('an approved comment is shown, with its markup as text', async () => {
  const { site, form } = await openForm();
  await site.post(
    '/talk/comments',
    await form({ name: '<b>Ruth</b>', text: '<script>alert(1)</script> https://x.example' }),
  );
  await moderateComments(
    site.deps,
    (await stored(site)).map((comment) => comment.id),
    'approve',
  );
  const html = await site.page('/talk');
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html).not.toContain('<b>Ruth</b>');
  expect(html).not.toContain('<script>alert');
});

test('a comment can answer another; the page says whom', async () => {
  const { site, post, form } = await openForm();
  const first = await site.receive(post.id, { html: '<p>First</p>', name: 'Anna' });
  await moderateComments(site.deps, [first], 'approve');

  const html = await site.page(`/talk?answer=${first}`);
  expect(html).toContain('>Answer Anna</h3>');
  expect(html).toContain(`name="parent_id" value="${first}"`);
  await site.post('/talk/comments', await form({ parent_id: first }));
  expect((await stored(site))[0]).toMatchObject({ parentId: first });
});

test('an answer to what is not there is refused', async () => {
  const { site, form } = await openForm();
  const other = await site.publish({ title: 'Other', bodyMarkdown: 'x' });
  const elsewhere = await site.receive(other.id, { html: '<p>On another post</p>' });
  await moderateComments(site.deps, [elsewhere], 'approve');
  for (const parent of [elsewhere, 'nothing']) {
    const sent = await form({ parent_id: parent, text: 'What was typed' });
    const answer = await site.post('/talk/comments', sent);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('What was typed</textarea>');
  }
  expect(await stored(site)).toHaveLength(1);
});

test('what is wrong is said at the field, and what was typed is kept', async () => {
  const { site, form } = await openForm();
  const answer = await site.post(
    '/talk/comments',
    await form({
      name: '',
      email: 'no address',
      url: 'javascript:alert(1)',
      text: 'I typed </textarea> this',
    }),
  );
  expect(answer.status).toBe(422);
  const html = await answer.text();
  expect(html).toContain('I typed &lt;/textarea&gt; this');
  expect(html).toContain('value="no address"');
  for (const field of ['name', 'email', 'url']) {
    expect(html).toContain(`href="#comment-${field}"`);
    expect(html).toContain(`id="comment-${field}-error"`);
  }
  expect(html).not.toContain('id="comment-text-error"');
  expect(await stored(site)).toHaveLength(0);
});

test('a form that we did not make for this post stores nothing and keeps the text', async () => {
  const { site, form } = await openForm();
  const good = await form();
  for (const token of ['', 'forged.token', good.form_token?.replace(/.$/, '_') ?? '']) {
    const answer = await site.post('/talk/comments', { ...good, form_token: token });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('A good read.');
  }
  await site.publish({ title: 'Other', bodyMarkdown: 'x' });
  expect((await site.post('/other/comments', good)).status).toBe(403);
  expect(await stored(site)).toHaveLength(0);
});

test('a form that another site sends is refused', async () => {
  const { site, form } = await openForm();
  const fields = await form();
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { origin: 'null' },
  ];
  for (const headers of foreign) {
    expect((await site.post('/talk/comments', fields, headers)).status).toBe(403);
  }
  expect(await stored(site)).toHaveLength(0);
  expect(
    (await site.post('/talk/comments', fields, { origin: site.origin, 'sec-fetch-site': 'same-origin' }))
      .status,
  ).toBe(303);
});

test('what a machine fills in goes to the spam, and the machine is none the wiser', async () => {
  const { site, form } = await openForm();
  const fields = await form();
  const hasty = /name="form_token" value="([^"]+)"/.exec(await site.page(`/talk?comment=held`))?.[1] ?? '';
  for (const sent of [
    { ...fields, form_token: hasty },
    { ...fields, subject: 'cheap watches' },
    { ...fields, text: 'https://spam.example '.repeat(30) },
  ]) {
    const answer = await site.post('/talk/comments', sent);
    expect(answer.headers.get('location')).toBe('/talk?comment=held#comments');
  }
  expect((await stored(site)).map((comment) => comment.status)).toEqual(['spam', 'spam', 'spam']);
});

test('the sixth comment within a minute has to wait, and is not lost', async () => {
  const { site, form } = await openForm();
  const fields = await form();
  for (let count = 0; count < 5; count += 1)
    expect((await site.post('/talk/comments', fields)).status).toBe(303);
  const answer = await site.post('/talk/comments', { ...fields, text: 'The sixth' });
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  const page = await answer.text();
  expect(page).toContain('The sixth</textarea>');
  expect(page).toContain(
    'Too many comments in a short time. Wait a minute and send it again; what you typed is kept.',
  );
  expect(await stored(site)).toHaveLength(5);
});

test.each([
  ['subscriber', 429],
  ['author', 429],
  ['editor', 303],
] as const)('the sixth comment of a signed-in %s within a minute is answered %i', async (role, status) => {
  const { site } = await openForm();
  const cookies = await site.signIn(await site.addUser('sam', role));
  const csrf = /name="csrf" value="([^"]+)"/.exec(await site.page('/talk', cookies))?.[1] ?? '';
  const send = (text: string) => site.post('/talk/comments', { csrf, text, parent_id: '' }, cookies);
  for (let count = 0; count < 5; count += 1) expect((await send(`Word ${count}`)).status).toBe(303);
  const sixth = await send('The sixth');
  expect(sixth.status).toBe(status);
  if (status === 429) expect(await sixth.text()).toContain('The sixth</textarea>');
  expect(await stored(site)).toHaveLength(status === 429 ? 5 : 6);
});

test('where comments are closed there is no form, and none is taken', async () => {
  const { site, post, form } = await openForm();
  const fields = await form();
  await updatePost(site.deps, post.id, { commentsOpen: false });
  expect(await site.page('/talk')).not.toContain('<textarea');
  expect((await site.post('/talk/comments', fields)).status).toBe(403);
  expect(await stored(site)).toHaveLength(0);
});

test('a post that is not public takes no comments, and answers like one that never was', async () => {
  const { site, post, form } = await openForm();
  const fields = await form();
  await trashPost(site.deps, post.id);
  const gone = await site.post('/talk/comments', fields);
  const never = await site.post('/never/comments', fields);
  expect(gone.status).toBe(404);
  expect(await gone.text()).toBe(await never.text());
});

test('too much and the wrong kind are refused', async () => {
  const { site, form } = await openForm();
  const fields = await form();
  expect((await site.post('/talk/comments', { ...fields, text: 'x'.repeat(300_000) })).status).toBe(413);
  const json = await fetch(`${site.origin}/talk/comments`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });
  expect(json.status).toBe(415);
  expect((await site.post('/talk/comments', { ...fields, text: 'x'.repeat(70_000) })).status).toBe(422);
});

test('whoever is signed in comments as themselves, and the author at once', async () => {
  const { site } = await openForm();
  const headers = await site.signIn(site.owner);
  const html = await site.page('/talk', headers);
  expect(html).toContain('Signed in as Alice Writer.');
  expect(html).not.toContain('name="email"');
  const csrf = /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';

  expect((await site.post('/talk/comments', { text: 'Without proof', parent_id: '' }, headers)).status).toBe(
    403,
  );
  const answer = await site.post(
    '/talk/comments',
    { csrf, parent_id: '', text: 'Thank you *all*.' },
    headers,
  );
  const [comment] = await stored(site);
  expect(answer.headers.get('location')).toBe(`/talk#comment-${comment?.id}`);
  const page = await site.page('/talk');
  expect(page).toContain('Thank you <em>all</em>.');
  expect(page).toContain('<span class="badge">Author</span>');
});

test("a guest who takes the author's name gets no badge", async () => {
  const { site, form } = await openForm();
  await site.post('/talk/comments', await form({ name: 'Alice Writer', email: 'alice@blog.example' }));
  await moderateComments(
    site.deps,
    (await stored(site)).map((comment) => comment.id),
    'approve',
  );
  const html = await site.page('/talk');
  expect(html).toContain('A good read.');
  expect(html).not.toContain('class="badge"');
  expect(html).not.toContain('alice@blog.example');
});
