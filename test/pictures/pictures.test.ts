import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { pictureAddress } from '../../src/pictures/picture-address.ts';
import { createPictureFolder } from '../../src/pictures/picture-folder.ts';
import { startTestBlog, type TestBlog } from '../../src/plugin-host/testing.ts';

const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 4, background: '#2a6' } });

let server: Server;
let elsewhere: { origin: string; peer: string };
let blog: TestBlog;
let asked: string[] = [];
const pages = new Map<string, { status?: number; type: string; body: Buffer | string }>();

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const page = pages.get(request.url ?? '');
    response.writeHead(page?.status ?? (page ? 200 : 404), { 'content-type': page?.type ?? 'text/plain' });
    response.end(page?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const peer = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  elsewhere = { origin: `http://${peer}`, peer };
  blog = await startTestBlog({ plugins: [], env: { OUTPOST_ALLOW_PRIVATE_NETWORK: elsewhere.peer } });
  const frames = await Promise.all([plain(40, 20).png().toBuffer(), plain(40, 20).png().toBuffer()]);
  pages.set('/face.jpg', { type: 'image/jpeg', body: await plain(600, 300).jpeg().toBuffer() });
  pages.set('/moves.gif', {
    type: 'image/gif',
    body: await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer(),
  });
  pages.set('/wide.png', { type: 'image/png', body: await plain(5000, 2).png().toBuffer() });
  pages.set('/svg.png', { type: 'image/png', body: '<svg xmlns="http://www.w3.org/2000/svg"/>' });
  pages.set('/page.png', { type: 'image/png', body: '<!doctype html><script>alert(1)</script>' });
  pages.set('/large.png', { type: 'image/png', body: Buffer.alloc(2 * 1024 * 1024 + 1, 0x89) });
  pages.set('/torn.png', { type: 'image/png', body: (await plain(50, 50).png().toBuffer()).subarray(0, 60) });
});
afterAll(async () => {
  await blog.close();
  server.close();
});

function ask(use: 'face' | 'emoji', file: string): Promise<Response> {
  const address = pictureAddress(blog.app.deps.secrets, use, `${elsewhere.origin}/${file}`);
  return fetch(`${blog.url}${address}`);
}

describe('a picture from elsewhere', () => {
  test('is fetched when somebody looks at it, once, and made anew', async () => {
    asked = [];
    const answers = await Promise.all([ask('face', 'face.jpg'), ask('face', 'face.jpg')]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const [first] = answers;
    expect(first?.headers.get('content-type')).toBe('image/webp');
    expect(first?.headers.get('cache-control')).toBe('public, max-age=86400');
    const { width, height, format } = await sharp(await first?.arrayBuffer()).metadata();
    expect({ width, height, format }).toEqual({ width: 192, height: 192, format: 'webp' });
    await ask('face', 'face.jpg');
    expect(asked).toEqual(['/face.jpg']);
  });

  test('stands still, whole, and no larger than it was', async () => {
    const answer = await ask('emoji', 'moves.gif');
    const { width, height, pages: frames = 1 } = await sharp(await answer.arrayBuffer()).metadata();
    expect({ width, height, frames }).toEqual({ width: 40, height: 20, frames: 1 });
  });

  test.each(['wide.png', 'svg.png', 'page.png', 'large.png', 'torn.png', 'absent.png'])(
    'that is none, or too large, is not there and not asked for again (%s)',
    async (file) => {
      asked = [];
      expect((await ask('face', file)).status).toBe(404);
      expect((await ask('face', file)).status).toBe(404);
      expect(asked).toHaveLength(1);
    },
  );

  test('is asked for again after a week, and shown as it was where it is gone meanwhile', async () => {
    const before = await (await ask('emoji', 'face.jpg')).arrayBuffer();
    asked = [];
    blog.advance(8 * 86_400);
    const kept = pages.get('/face.jpg');
    pages.delete('/face.jpg');
    const after = await ask('emoji', 'face.jpg');
    if (kept) pages.set('/face.jpg', kept);
    expect(asked).toEqual(['/face.jpg']);
    expect(after.status).toBe(200);
    expect(Buffer.from(await after.arrayBuffer())).toEqual(Buffer.from(before));
  });
});

describe('the door', () => {
  test('opens for what stands on our pages alone', async () => {
    asked = [];
    const address = pictureAddress(blog.app.deps.secrets, 'face', `${elsewhere.origin}/moves.gif`);
    const [, , use, signature] = address.split('/');
    const other = Buffer.from(`${elsewhere.origin}/face.jpg`).toString('base64url');
    for (const forged of [
      `/pictures/${use}/${signature}/${other}`,
      address.replace('/face/', '/emoji/'),
      address.replace('/face/', '/whole/'),
      `/pictures/face/x/${other}`,
    ]) {
      expect((await fetch(`${blog.url}${forged}`)).status).toBe(404);
    }
    expect(asked).toEqual([]);
  });
});

test('the folder keeps the newest pictures that there is room for, and none for ever', async () => {
  const parent = mkdtempSync(path.join(os.tmpdir(), 'outpost-pictures-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  const folder = path.join(parent, 'pictures');
  const kept = createPictureFolder(folder, { files: 10, bytes: 250, ageMs: 60_000 });
  expect(existsSync(folder)).toBe(false);
  for (const name of ['a', 'b', 'c', 'd']) await kept.put(name, Buffer.alloc(100));
  expect(await kept.tidy()).toBe(2);
  const files = readdirSync(folder);
  expect(files).toHaveLength(2);
  const anHourAgo = new Date(Date.now() - 3_600_000);
  utimesSync(path.join(folder, files[0] ?? ''), anHourAgo, anHourAgo);
  expect(await kept.tidy()).toBe(1);
});
