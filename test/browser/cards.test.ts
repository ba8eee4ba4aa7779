import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addMedia } from '../../src/media/add-media.ts';
import { closeBrowser, findBarriers, openContext, photograph } from '../support/browser.ts';
import { type FederatedApp, startFederatedApp } from '../support/federated-app.ts';
import { wav } from '../support/sounds.ts';

const host = 'friend.example';
const film = `https://${host}/videos/watch/abece3c3-b9c6-47f4-8040-f3eed8c602e6`;
const track = `https://${host}/library/tracks/74`;
let app: FederatedApp;
let url: string;

beforeAll(async () => {
  app = await startFederatedApp();
  const peer = app.peer(host);
  const context = 'https://www.w3.org/ns/activitystreams';
  const channel = peer.actor('channel', { displayName: 'Bread channel' });
  const icon = { type: 'Image', url: `https://${host}/picture.png`, mediaType: 'image/png', width: 850 };
  const video = {
    id: film,
    type: 'Video',
    name: 'How to bake',
    duration: 'PT385S',
    attributedTo: channel.id,
  };
  peer.serve(film, { '@context': context, ...video, icon });
  peer.serve(track, {
    '@context': context,
    id: track,
    type: 'Track',
    name: 'Kneading',
    artists: [{ name: 'The Oven' }],
  });
  const create = { width: 850, height: 480, channels: 3, background: '#8a5a2b' } as const;
  peer.serve(icon.url, await sharp({ create }).png().toBuffer(), 'image/png');
  const { deps } = app.app;
  const sound = await addMedia(deps, { bytes: wav(2), alt: '', userId: app.owner?.id ?? null });
  const lines = [
    'Watch this.',
    film,
    'Or listen.',
    track,
    `![The sound of dough](/media/${sound.file} "Dough, rising")`,
  ];
  ({ url } = await app.publish({ title: 'Bread in motion', bodyMarkdown: lines.join('\n\n') }));
});
afterAll(async () => {
  await closeBrowser();
  await app.close();
});

test.each([
  ['phone', 390, 'dark'],
  ['desktop', 1440, 'light'],
] as const)('cards and players on a %s of %i pixels, %s, are in order', async (device, width, scheme) => {
  const context = await openContext({ width, scheme });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('.embed iframe').first().scrollIntoViewIfNeeded();
  await page.frameLocator('.embed iframe >> nth=0').getByRole('link').waitFor();
  await page.frameLocator('.embed iframe >> nth=1').getByRole('link').waitFor();
  expect(await findBarriers(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  await photograph(page, `cards-${device}-${scheme}`);
  await context.close();
});

test('nothing is asked of another server until somebody plays the film, without any script', async () => {
  const context = await openContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(app.url)) asked.push(request.url());
  });
  await page.goto(url);
  const play = page.frameLocator('.embed-video iframe').getByRole('link', { name: /^Play How to bake/ });
  await play.waitFor();
  expect(asked).toEqual([]);

  const leaving = page.waitForEvent('request', (request) => request.url().startsWith(`https://${host}/`));
  await play.press('Enter');
  expect((await leaving).url()).toContain('/videos/embed/');
  await expect(page.getByRole('link', { name: 'How to bake' }).getAttribute('href')).resolves.toBe(film);
  await context.close();
});
