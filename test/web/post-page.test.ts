import { expect, test } from 'vitest';
import { moderateComments } from '../../src/comments/moderate-comments.ts';
import { schedulePost, trashPost, unpublishPost } from '../../src/posts/publish-post.ts';
import { updatePost } from '../../src/posts/write-post.ts';
import { openSite } from './open-site.ts';

test('a post is there for everybody, without a cookie, with its size and a tag for the next time', async () => {
  const site = await openSite();
  const post = await site.publish({ title: 'The door', bodyMarkdown: 'It would not close.' });

  const first = await site.get(`/${post.slug}`);
  expect(first.status).toBe(200);
  expect(first.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(first.headers.get('set-cookie')).toBeNull();
  expect(first.headers.get('vary')).toContain('Accept');
  const html = await first.text();
  expect(Number(first.headers.get('content-length'))).toBe(Buffer.byteLength(html));
  expect(html).toContain('<h1 class="post-title">The door</h1>');
  expect(html).toContain('It would not close.');
  expect(html).toContain(`<link rel="canonical" href="${site.origin}/${post.slug}">`);

  const again = await site.get(`/${post.slug}`, {
    'if-none-match': first.headers.get('etag') ?? '',
    'accept-encoding': 'identity',
  });
  expect(again.status).toBe(304);
});

test('what is not public answers like what never was, to the byte', async () => {
  const site = await openSite();
  const never = await site.get('/never-was');
  const bytes = await never.text();
  expect(never.status).toBe(404);

  const draft = await site.write({ title: 'Secret draft', bodyMarkdown: 'x' });
  const trashed = await site.publish({ title: 'Secret trash', bodyMarkdown: 'x' });
  const unpublished = await site.publish({ title: 'Secret again', bodyMarkdown: 'x' });
  const scheduled = await site.write({ title: 'Secret plan', bodyMarkdown: 'x' });
  await trashPost(site.deps, trashed.id);
  await unpublishPost(site.deps, unpublished.id);
  await schedulePost(site.deps, scheduled.id, new Date(site.deps.clock.now().getTime() + 3_600_000));

  for (const post of [draft, trashed, unpublished, scheduled]) {
    const answer = await site.get(`/${post.slug}`);
    expect(answer.status, post.title).toBe(404);
    expect(await answer.text(), post.title).toBe(bytes);
  }
});

test('a post that moved is found under its old address', async () => {
  const site = await openSite();
  const post = await site.publish({ title: 'Old name', bodyMarkdown: 'x' });
  const moved = await updatePost(site.deps, post.id, { slug: 'new-name' });

  const answer = await site.get(`/${post.slug}`);
  expect(answer.status).toBe(301);
  expect(answer.headers.get('location')).toBe(`/${moved.slug}`);

  await unpublishPost(site.deps, post.id);
  expect((await site.get(`/${post.slug}`)).status).toBe(404);
});

test('markup in titles and names is text wherever it is printed', async () => {
  const site = await openSite();
  const post = await site.publish({
    title: '</title><script>alert(1)</script>',
    excerpt: '"><img src=x onerror=alert(1)>',
    bodyMarkdown: 'x',
    slug: 'markup',
    tags: ['</a><b>'],
  });
  const html = await site.page(`/${post.slug}`);
  expect(html).not.toContain('<script>alert');
  expect(html).not.toContain('<img src=x');
  expect(html).not.toContain('</a><b>');
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
});

test('search engines are told what the page is, in JSON that nothing can break out of', async () => {
  const site = await openSite();
  const post = await site.publish({
    title: 'A </script> in the title',
    bodyMarkdown: 'Some words.',
    slug: 'ld',
  });
  const html = await site.page(`/${post.slug}`);
  const json = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
  expect(JSON.parse(json)).toMatchObject({
    '@type': 'BlogPosting',
    headline: 'A </script> in the title',
    url: `${site.origin}/ld`,
    author: { name: 'Alice Writer', url: `${site.origin}/author/alice` },
  });
});

test('whoever is signed in sees how to edit, on a page that nobody else gets', async () => {
  const site = await openSite();
  const post = await site.publish({ title: 'Mine', bodyMarkdown: 'x' });
  await site.page(`/${post.slug}`);

  const mine = await site.get(`/${post.slug}`, await site.signIn(site.owner));
  expect(mine.headers.get('cache-control')).toBe('private, no-store');
  expect(await mine.text()).toContain(`href="/admin/posts/${post.id}"`);
  expect(await site.page(`/${post.slug}`)).not.toContain('/admin/posts/');
});

test('a post leads to those before and after it', async () => {
  const site = await openSite();
  await site.publish({ title: 'First', bodyMarkdown: 'x' });
  const second = await site.publish({ bodyMarkdown: 'Second has no title.' });
  await site.publish({ title: 'Third', bodyMarkdown: 'x' });

  const html = await site.page(`/${second.slug}`);
  expect(html).toMatch(/rel="prev" href="\/first">.*First/);
  expect(html).toMatch(/rel="next" href="\/third">.*Third/);
  expect(await site.page('/third')).toContain('Second has no title.');
});

test('comments are shown once they are approved, where they belong, with their origin', async () => {
  const site = await openSite();
  const post = await site.publish({ title: 'Talk', bodyMarkdown: 'x' });
  const first = await site.receive(post.id, { html: '<p>The first word</p>' });
  const answer = await site.receive(post.id, { html: '<p>An answer</p>', parentId: first, name: 'Jo <b>' });
  expect(await site.page('/talk')).not.toContain('The first word');

  await moderateComments(site.deps, [first, answer], 'approve');
  const html = await site.page('/talk');
  expect(html).toContain('2 answers');
  expect(html).toMatch(
    new RegExp(`id="comment-${first}"[\\s\\S]*class="comments replies"[\\s\\S]*id="comment-${answer}"`),
  );
  expect(html).toContain('<span class="handle-host">@social.example</span>');
  expect(html).toContain('href="https://social.example/notes/1"');
  expect(html).toContain('Jo &lt;b&gt;');

  await moderateComments(site.deps, [answer], 'spam');
  expect(await site.page('/talk')).toContain('One answer');
});

test('the label of where a comment comes from names the host that its link leads to', async () => {
  const site = await openSite();
  const post = await site.publish({ title: 'Talk', bodyMarkdown: 'x' });
  const id = await site.receive(post.id, { html: '<p>Hm</p>', handle: '@anna@famous.example' });
  await moderateComments(site.deps, [id], 'approve');
  const html = await site.page('/talk');
  expect(html).toContain('from social.example</span>');
  expect(html).not.toContain('rom famous.example');
  expect(html).toMatch(/href="https:\/\/social\.example\/notes\/1"[^>]*, on social\.example"/);
});

test('plugins add to the head, to headers and to places of the page, and cannot add scripts to the head', async () => {
  const site = await openSite();
  const post = await site.publish({ title: 'Hooked', bodyMarkdown: 'x' });
  site.deps.hooks.subscribe('sample', {
    actions: {},
    filters: {
      'page.head': () => [
        { tag: 'link', attributes: { rel: 'alternate', href: '/x?a="b"' } },
        { tag: 'script', attributes: { src: 'https://evil.example/x.js' } },
        { tag: 'meta', attributes: { onload: 'alert(1)' } },
      ],
      'page.headers': () => ({ Link: '</x>; rel="alternate"' }),
      'author.addresses': () => [{ label: 'Elsewhere', value: '@alice@blog.example', url: '/author/alice' }],
    },
  });
  await updatePost(site.deps, post.id, { bodyMarkdown: 'y' });

  const answer = await site.get(`/${post.slug}`);
  expect(answer.headers.get('link')).toBe('</x>; rel="alternate"');
  const html = await answer.text();
  expect(html).toContain('<link rel="alternate" href="/x?a=&#34;b&#34;">');
  expect(html).not.toContain('evil.example');
  expect(html).not.toContain('onload');
  expect(html).toContain('data-copy="@alice@blog.example"');
});

test('text from right to left says so, in its own language', async () => {
  const site = await openSite();
  const post = await site.publish({
    title: 'في مديح البطء',
    bodyMarkdown: 'هناك نوع',
    language: 'ar',
    slug: 'slow',
  });
  const html = await site.page(`/${post.slug}`);
  expect(html).toContain('<html lang="en" dir="ltr">');
  expect(html).toMatch(/<article class="post[^"]*" lang="ar" dir="rtl">/);
});
