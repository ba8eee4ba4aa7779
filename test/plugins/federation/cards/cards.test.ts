import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FederatedApp, followOf, startFederatedApp } from '../../../support/federated-app.ts';
import type { Json } from '../../../support/remote-peer.ts';

const host = 'friend.example';
const uuid = 'abece3c3-b9c6-47f4-8040-f3eed8c602e6';
const id = `https://${host}/videos/watch/${uuid}`;
let app: FederatedApp;
beforeAll(async () => {
  app = await startFederatedApp();
  const bob = app.peer('good.example').actor('bob');
  await bob.send(app.url, followOf(bob, app.author));
  const peer = app.peer(host);
  const channel = peer.actor('channel', { displayName: 'The <b>channel</b>' });
  serveFilm(id, channel.id);
  peer.serve(`https://${host}/picture.png`, await picture(), 'image/png');
});
afterAll(() => app.close());

function serveFilm(at: string, attributedTo: string, change: Json = {}) {
  app.peer(host).serve(at, {
    '@context': 'https://www.w3.org/ns/activitystreams',
    id: at,
    type: 'Video',
    name: 'A "film" & <more>',
    duration: 'PT385S',
    attributedTo,
    icon: { type: 'Image', url: `https://${host}/picture.png`, mediaType: 'image/png' },
    ...change,
  });
}

const picture = () =>
  sharp({ create: { width: 64, height: 36, channels: 3, background: '#355e3b' } })
    .png()
    .toBuffer();
const page = async (address: string) => (await fetch(address)).text();

test('a film whose address stands alone on a line is shown with title, channel and length, and played by a click', async () => {
  const post = await app.publish({ title: 'A film', bodyMarkdown: `Look:\n\n${id}\n\nEnd.` });
  const html = await page(post.url);

  expect(html).toContain('A &#34;film&#34; &amp; &lt;more&gt;</a>');
  expect(html).toContain('The &lt;b&gt;channel&lt;/b&gt;');
  expect(html).toContain('6:25');
  const frame = /<iframe src="(\/ap\/cards\/[^"]+)"/.exec(html)?.[1] ?? '';
  const asked = app.peer(host).fetched.length;
  const poster = await fetch(new URL(frame, app.url));
  const posterHtml = await poster.text();
  expect(posterHtml).not.toContain(`https://${host}`);
  expect(poster.headers.get('content-security-policy')).toContain("default-src 'none'");
  const player = await fetch(new URL(`${frame}/player`, app.url));
  expect(await player.text()).toContain(
    `<iframe src="https://${host}/videos/embed/${uuid}?autoplay=1&amp;p2p=0`,
  );
  expect(player.headers.get('content-security-policy')).toContain(
    `frame-src https://${host};`.replace(';', ''),
  );
  const [, address = ''] = /<img src="([^"]+picture[^"]*)"/.exec(posterHtml) ?? [];
  const shown = await fetch(new URL(address, app.url));
  expect(shown.headers.get('content-type')).toBe('image/webp');
  expect(shown.headers.get('x-content-type-options')).toBe('nosniff');
  expect(app.peer(host).fetched.length).toBe(asked);
});

test('for other servers, for feeds and in the summary it stays a link', async () => {
  const post = await app.publish({ title: 'A link', bodyMarkdown: `${id}\n\nWords.` });
  const object = (await (
    await fetch(post.id, { headers: { accept: 'application/activity+json' } })
  ).json()) as Json;
  expect(object.content).toBe(`<p><a href="${id}">${id}</a></p>\n<p>Words.</p>`);
  expect(object.summary).not.toContain('film');
  expect(await page(post.url)).toContain('embed-video');
});

test('what is no film, and what does not answer, stays a link', async () => {
  const note = `https://${host}/w/note`;
  app
    .peer(host)
    .serve(note, { '@context': 'https://www.w3.org/ns/activitystreams', id: note, type: 'Note', name: 'x' });
  const post = await app.publish({ title: 'None', bodyMarkdown: `${note}\n\nhttps://${host}/w/missing` });
  const html = await page(post.url);
  expect(html).not.toContain('<iframe');
  expect(html).toContain(`<a href="${note}"`);
});

test('other addresses are not asked about', async () => {
  const before = app.peer(host).fetched.length;
  await app.publish({ title: 'Elsewhere', bodyMarkdown: `https://${host}/an-article\n\nSee ${id}2 too.` });
  expect(app.peer(host).fetched.length).toBe(before);
});

test('a picture that is none is not kept', async () => {
  const at = `https://${host}/videos/watch/bbece3c3-b9c6-47f4-8040-f3eed8c602e6`;
  serveFilm(at, '', { icon: { type: 'Image', url: `https://${host}/script.png` } });
  app.peer(host).serve(`https://${host}/script.png`, { html: '<script>alert(1)</script>' }, 'image/png');
  const post = await app.publish({ title: 'Bad picture', bodyMarkdown: at });
  const html = await page(post.url);
  const frame = /<iframe src="(\/ap\/cards\/[^"]+)"/.exec(html)?.[1] ?? '';
  expect(await page(`${app.url}${frame}`)).not.toContain('<img');
  expect((await fetch(`${app.url}${frame}/picture`)).status).toBe(404);
});

test('an unknown card is not there', async () => {
  for (const more of ['', '/player', '/picture'])
    expect((await fetch(`${app.url}/ap/cards/nothing${more}`)).status).toBe(404);
});

test('what changes there changes here after a while, and what goes there is a link again', async () => {
  const at = `https://${host}/videos/watch/cbece3c3-b9c6-47f4-8040-f3eed8c602e6`;
  serveFilm(at, '', { name: 'Before' });
  const post = await app.publish({ title: 'Changing', bodyMarkdown: at });
  const plugin = app.app.plugins.find('federation');
  const refresh = async () => {
    await app.app.deps.db
      // The plugin's own table, which the core's types do not name.
      .updateTable('plugin_federation_cards' as never)
      .set({ next_at: '2000-01-01T00:00:00.000Z' } as never)
      .where('url' as never, '=', at as never)
      .execute();
    await plugin?.context.jobs.add(null, 'refresh-cards', {});
    await app.idle();
  };
  expect(await page(post.url)).toContain('>Before</a>');

  serveFilm(at, '', { name: 'After' });
  await refresh();
  expect(await page(post.url)).toContain('>After</a>');

  app.peer(host).serve(at, 503);
  await refresh();
  expect(await page(post.url)).toContain('>After</a>');

  app.peer(host).serve(at, 410);
  await refresh();
  expect(await page(post.url)).toContain(`<p><a href="${at}"`);
});

test('nothing is shown of a server that is blocked', async () => {
  const post = await app.publish({ title: 'Blocked', bodyMarkdown: id });
  const frame = /<iframe src="(\/ap\/cards\/[^"]+)"/.exec(await page(post.url))?.[1] ?? '';
  await app.run('block', host);
  await app.idle();
  expect(await page(post.url)).not.toContain('<iframe');
  expect((await fetch(`${app.url}${frame}/player`)).status).toBe(404);
  await app.run('unblock', host);
});
