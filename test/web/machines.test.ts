import { expect, test } from 'vitest';
import { changeSettings } from '../../src/settings/site-settings.ts';
import { createTestApp } from '../support/create-test-app.ts';
import { openSite } from './open-site.ts';

test('the sitemap lists what is public and nothing else', async () => {
  const site = await openSite();
  await site.addUser('silent', 'author');
  const post = await site.publish({ title: 'Here', bodyMarkdown: 'x', tags: ['open'] });
  await site.publish({ title: 'About', bodyMarkdown: 'x', type: 'page' });
  await site.write({ title: 'Secret', bodyMarkdown: 'x', tags: ['hidden'] });

  const answer = await site.get('/sitemap.xml');
  expect(answer.headers.get('content-type')).toBe('application/xml; charset=utf-8');
  const xml = await answer.text();
  const listed = [...xml.matchAll(/<loc>(.*?)<\/loc>/g)].map((match) => match[1]);
  expect(listed.toSorted()).toEqual(
    ['/', '/about', '/author/alice', '/here', '/tag/open'].map((path) => `${site.origin}${path}`),
  );
  expect(xml).toContain(`<lastmod>${post.updatedAt}</lastmod>`);
});

test('robots.txt names the sitemap and keeps the admin out', async () => {
  const site = await openSite();
  const text = await site.page('/robots.txt');
  expect(text).toContain(`Sitemap: ${site.origin}/sitemap.xml`);
  expect(text).toContain('Disallow: /admin');
});

test("the accent has a stylesheet of the owner's colour whose address changes with it", async () => {
  const site = await openSite();
  const address = /href="(\/assets\/accent\.css[^"]*)"/;
  const before = address.exec(await site.page('/'))?.[1] ?? '';
  await changeSettings(site.deps, { accentHue: 28 });
  const after = address.exec(await site.page('/'))?.[1] ?? '';
  expect(after).not.toBe(before);

  const answer = await site.get(after);
  expect(answer.headers.get('content-type')).toContain('text/css');
  expect(answer.headers.get('cache-control')).toContain('immutable');
  expect(await answer.text()).toMatch(/oklch\(\S+ \S+ 28\)/);
});

test('whatever is asked of the accent, only a colour comes out', async () => {
  const site = await openSite();
  for (const hue of ['', '361', '-1', 'red', '1);}body{display:none', '1e9']) {
    const answer = await site.get(`/assets/accent.css?hue=${encodeURIComponent(hue)}`);
    expect(answer.headers.get('cache-control'), hue).toBe('no-cache');
    expect(await answer.text(), hue).not.toContain('display');
  }
});

test('every stylesheet and script that a page names is there and may be kept for ever', async () => {
  const site = await openSite();
  const html = await site.page('/');
  const names = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? '');
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) {
    const answer = await site.get(name);
    expect(answer.status, name).toBe(200);
    expect(answer.headers.get('cache-control'), name).toContain('immutable');
  }
});

test('a blog that is not set up says how, and answers 503 so that nobody keeps that', async () => {
  const { visitor } = await createTestApp({ withoutSetup: true });
  const answer = await visitor.get('/anything');
  expect(answer.status).toBe(503);
  expect(await answer.text()).toContain('/setup?token=');
  expect(answer.headers.get('cache-control')).toContain('no-store');
});
