import { afterAll, beforeAll, expect, test } from 'vitest';
import { findComment, findReceivedComment } from '../../../../src/comments/comment-store.ts';
import { moderateComments } from '../../../../src/comments/moderate-comments.ts';
import { countReactions } from '../../../../src/reactions/reaction-store.ts';
import {
  activityOf,
  type FederatedApp,
  followOf,
  noteOf,
  startFederatedApp,
} from '../../../support/federated-app.ts';

let app: FederatedApp;
beforeAll(async () => {
  app = await startFederatedApp();
});
afterAll(() => app.close());

type Row = { host: string; state: string };
const followers = async () =>
  ((await app.run('followers', 'alice')) as { actor: string }[]).map(({ actor }) => actor);

test('from a block on, a server and those below it send and get nothing, and nobody there is asked', async () => {
  const spammer = app.peer('sub.spam.example').actor('spammer');
  const peer = app.peer('sub.spam.example');
  await spammer.send(app.url, followOf(spammer, app.author));
  await app.idle();
  peer.answerInbox(() => 500);
  const before = await app.publish({ title: 'Waiting for them' });

  expect(await app.run('block', 'spam.example', '--reason', 'Spam')).toMatchObject({
    kind: 'host',
    value: 'spam.example',
    level: 'block',
  });

  expect(await followers()).not.toContain(spammer.id);
  const waiting = (await app.run('deliveries', '--post', before.post.id)) as Row[];
  expect(waiting).toMatchObject([
    { host: 'sub.spam.example', state: 'abandoned', lastError: 'The server is blocked.' },
  ]);
  const [asked, got] = [peer.fetched.length, peer.delivered.length];
  const stranger = peer.actor('stranger');
  const create = activityOf(stranger, 'Create', noteOf(stranger, { inReplyTo: before.id }));
  expect((await stranger.send(app.url, create)).status).toBe(403);
  await app.publish({ title: 'Not for them' });
  expect([peer.fetched.length, peer.delivered.length]).toEqual([asked, got]);

  await app.run('unblock', 'spam.example');
  expect(await app.run('blocks')).toEqual([]);
  expect((await stranger.send(app.url, create)).status).toBe(202);
});

test('one account can be blocked by its handle', async () => {
  const rude = app.peer('good.example').actor('rude');
  const kind = app.peer('good.example').actor('kind');
  const post = await app.publish({ title: 'One of two' });

  await app.run('block', '@rude@good.example');

  expect((await rude.send(app.url, activityOf(rude, 'Like', post.id))).status).toBe(403);
  expect((await kind.send(app.url, activityOf(kind, 'Like', post.id))).status).toBe(202);
});

test('who is silenced follows and reads, and nothing of theirs is shown', async () => {
  const loud = app.peer('other.example').actor('loud');
  await app.run('block', 'other.example', '--silence');
  const post = await app.publish({ title: 'Quiet' });
  const note = noteOf(loud, { inReplyTo: post.id });

  await loud.send(app.url, followOf(loud, app.author));
  await loud.send(app.url, activityOf(loud, 'Create', note));
  await loud.send(app.url, activityOf(loud, 'Like', post.id));
  await app.idle();

  expect(await followers()).toContain(loud.id);
  expect(await findReceivedComment(app.app.deps.db, 'fediverse', String(note.id))).toBeNull();
  expect(await countReactions(app.app.deps.db, post.post.id)).toMatchObject({ like: 0, boost: 0 });
});

test('looking somebody up tells what is understood of them', async () => {
  const bob = app.peer('friend.example').actor('bob');
  const note = noteOf(bob, { content: '<p>Look <script>x</script>here</p>' });
  app.peer('friend.example').serve(String(note.id), note);

  expect(await app.run('lookup', '@bob@friend.example')).toMatchObject({
    kind: 'actor',
    id: bob.id,
    handle: '@bob@friend.example',
  });
  expect(await app.run('lookup', bob.id)).toMatchObject({ kind: 'actor', inbox: bob.inbox });
  expect(await app.run('lookup', String(note.id))).toMatchObject({
    kind: 'object',
    type: 'Note',
    text: 'Look here',
    visibility: 'public',
  });
  await expect(app.run('lookup', '@nobody@friend.example')).rejects.toThrow(/nobody/);
  await expect(app.run('lookup', 'https://friend.example/nothing')).rejects.toThrow(/not there/);
});

test('an account is fetched anew on demand', async () => {
  const peer = app.peer('friend.example');
  const carl = peer.actor('carl');
  await app.run('lookup', carl.id);
  peer.serve(carl.id, { ...carl.document, name: 'Carl the Great' });
  expect(await app.run('refresh', carl.id)).toMatchObject({ name: 'Carl the Great' });
});

test('a block hides what was said and liked before, and taking it back shows it again, as far as nothing else is blocked', async () => {
  const { db } = app.app.deps;
  const post = await app.publish({ title: 'Was fine once' });
  const sent = [];
  for (const host of ['spam.example', 'sub.spam.example', 'friend.example']) {
    const actor = app.peer(host).actor('someone');
    const note = noteOf(actor, { inReplyTo: post.id, content: `<p>From ${host}</p>` });
    const answer = await actor.send(app.url, activityOf(actor, 'Create', note));
    expect([answer.status, await answer.text()]).toEqual([202, '']);
    await actor.send(app.url, activityOf(actor, 'Like', post.id));
    await app.idle();
    const comment = await findReceivedComment(db, 'fediverse', String(note.id));
    await moderateComments(app.app.deps, [comment?.id ?? ''], 'approve');
    sent.push({ actor, id: comment?.id ?? '' });
  }
  const page = async () => (await fetch(`${app.url}/was-fine-once`)).text();
  const shown = async () => {
    const html = await page();
    return [
      ...['spam.example', 'sub.spam.example', 'friend.example'].filter((host) =>
        html.includes(`From ${host}<`),
      ),
      (await countReactions(db, post.post.id)).like,
    ];
  };
  expect(await shown()).toEqual(['spam.example', 'sub.spam.example', 'friend.example', 3]);

  await app.run('block', 'spam.example');
  expect(await shown()).toEqual(['friend.example', 1]);
  await app.run('block', String(sent[1]?.actor.id), '--silence');
  await app.run('unblock', 'spam.example');
  expect(await shown()).toEqual(['spam.example', 'friend.example', 2]);
  await moderateComments(app.app.deps, [sent[1]?.id ?? ''], 'spam');
  await app.run('unblock', String(sent[1]?.actor.id));
  expect(await shown()).toEqual(['spam.example', 'friend.example', 3]);
  expect((await findComment(db, sent[1]?.id ?? ''))?.status).toBe('spam');
});
