import { expect, test } from 'vitest';
import { openSite } from './open-site.ts';

test('a search finds public posts and pages and marks the words', async () => {
  const site = await openSite();
  await site.publish({
    title: 'The oak door',
    bodyMarkdown: 'It is made of <em>oak</em>, and it would not close.',
  });
  await site.publish({ title: 'About oaks', bodyMarkdown: 'x', type: 'page' });
  await site.write({ title: 'Secret oak', bodyMarkdown: 'oak' });

  const html = await site.page('/search?q=OAK');
  expect(html).toContain('2 posts have');
  expect(html).toContain('The <mark>oak</mark> door');
  expect(html).toContain('made of <mark>oak</mark>, and');
  expect(html).not.toContain('Secret');
  expect(html).toContain('<meta name="robots" content="noindex">');
});

test('a search that finds nothing says so and keeps what was typed, as text', async () => {
  const site = await openSite();
  const html = await site.page(`/search?q=${encodeURIComponent('"><script>x</script>')}`);
  expect(html).toContain('Nothing found for');
  expect(html).not.toContain('<script>x');
  expect(html).toContain('value="&#34;&gt;&lt;script&gt;x&lt;/script&gt;"');
});

test('a search for a pattern sign finds that sign and not everything', async () => {
  const site = await openSite();
  await site.publish({ title: 'Plain', bodyMarkdown: 'words' });
  await site.publish({ title: 'Percent', bodyMarkdown: 'a 5% slope' });
  expect(await site.page('/search?q=%25')).toContain('One post has');
});

test('the empty search shows the form alone', async () => {
  const site = await openSite();
  const html = await site.page('/search');
  expect(html).toContain('role="search"');
  expect(html).not.toContain('Nothing found');
});

test('many searches from one client in a minute are too many; the pages stay open', async () => {
  const site = await openSite();
  await site.publish({ title: 'Here', bodyMarkdown: 'x' });
  const answers = [];
  for (let count = 0; count < 31; count += 1) answers.push((await site.get('/search?q=here')).status);
  expect(answers.slice(0, 30)).toEqual(Array(30).fill(200));
  expect(answers[30]).toBe(429);
  expect((await site.get('/here')).status).toBe(200);
});
