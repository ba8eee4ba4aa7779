import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../support/create-test-app.ts';
import { type OutpostProcess, owner, startOutpost } from '../support/outpost-process.ts';
import { until } from '../support/until.ts';
import { sendRaw, sendSigned } from './send-raw.ts';
import { startWildPeer, type WildPeer } from './wild-peer.ts';

let blog: OutpostProcess;
let peer: WildPeer;
beforeAll(async () => {
  peer = await startWildPeer();
  blog = await startOutpost({ LOG_LEVEL: 'trace', OUTPOST_ALLOW_PRIVATE_NETWORK: peer.host });
});
afterAll(async () => {
  await blog.close();
  await peer.close();
});

const inbox = () => `${blog.url}/ap/inbox`;

test('G5 what is refused at an inbox is one line that says why, without what was sent', async () => {
  const mallory = peer.actor('mallory');
  const activity = {
    id: `${peer.origin}/activities/planted-id`,
    type: 'Like',
    actor: mallory.id,
    object: `${blog.url}/`,
    content: 'PLANTED-content',
  };
  const before = blog.log().length;
  const { status } = await sendSigned(blog.url, mallory, activity, {
    tamper: (lines) => [
      ...lines.filter(([name]) => name !== 'Signature'),
      ['Authorization', 'Bearer PLANTED-token'],
    ],
  });
  expect(status).toBe(401);
  const lines = await until('the refusal is logged', () => {
    const found = blog
      .log()
      .slice(before)
      .split('\n')
      .filter((line) => line.includes('"status":401'));
    return found.length > 0 ? found : null;
  });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    actor: mallory.id,
    type: 'Like',
    reason: expect.any(String),
  });
});

test('O06 no password, token, cookie, key, address or text of a visitor is ever logged', async () => {
  const client = createClient(blog.url);
  await client.post('/login', { login: owner.username, password: 'PLANTED-password' });
  await client.post('/login', { login: 'PLANTED-login', password: owner.password });
  const signedIn = await client.post('/login', { login: owner.username, password: owner.password });
  const session = /outpost=([^;]+)/.exec(signedIn.headers.getSetCookie().join())?.[1] ?? '';
  expect(session.length).toBeGreaterThan(20);
  const csrf = await client.csrf();
  await client.post('/admin/profile/password', { current: 'PLANTED-password', password: 'PLANTED-new' });
  await client.post('/admin/media', { csrf });
  await blog.run('post', 'create', '--author', owner.username, '--title', 'Talk', '--publish');
  const talk = '/talk';
  const form = /name="form_token" value="([^"]+)"/.exec(await createClient(blog.url).page(talk))?.[1] ?? '';
  const commented = await createClient(blog.url).post(`${talk}/comments`, {
    form_token: form,
    name: 'PLANTED-name',
    email: 'PLANTED@mail.example',
    text: 'PLANTED-text',
  });
  expect(commented.status).toBe(303);
  const lines = [
    ['Content-Type', 'application/activity+json'],
    ['Cookie', 'outpost=PLANTED-cookie'],
    ['Authorization', 'PLANTED-authorization'],
    ['Signature', 'keyId="PLANTED-key",signature="PLANTED-signature"'],
  ] as const;
  for (const body of ['{"PLANTED-broken"', '{"type":"PLANTED-type","actor":5}', '"PLANTED-text"'])
    await sendRaw(inbox(), { lines, body });
  for (const path of [
    '/setup?token=PLANTED-setup',
    '/search?q=PLANTED-query',
    '/nothing?x=PLANTED',
    '/%PLANTED',
    '/metrics?token=PLANTED-metrics',
  ])
    await sendRaw(`${blog.url}${path}`, { method: 'GET', lines: [['Cookie', 'outpost=PLANTED-cookie']] });
  expect((await fetch(`${blog.url}/healthz`)).status).toBe(200);

  const log = blog.log();
  expect(log).toContain('"level"');
  expect(log).not.toMatch(/PLANTED/);
  for (const secret of [owner.password, owner.email, session, csrf, 'PRIVATE KEY', '$argon2id'])
    expect(log).not.toContain(secret);
});
