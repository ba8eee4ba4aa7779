import { expect, onTestFinished, test } from 'vitest';
import { findReceivedComment } from '../../../src/comments/comment-store.ts';
import { unpublishPost } from '../../../src/posts/publish-post.ts';
import { countEmojis, countReactions } from '../../../src/reactions/reaction-store.ts';
import { newPostgresUrl } from '../../support/databases.ts';
import { activityOf, followOf, noteOf, startFederatedApp, undoOf } from '../../support/federated-app.ts';
import type { Json } from '../../support/remote-peer.ts';

const databases: [string, () => Promise<Record<string, string>>][] = [
  ['SQLite', async () => ({})],
  ['PostgreSQL', async () => ({ DATABASE_URL: await newPostgresUrl('core') })],
];

test.each(databases)('a post, its readers and their answers live on %s', async (_name, environment) => {
  const app = await startFederatedApp({ env: await environment() });
  onTestFinished(() => app.close());
  const { db } = app.app.deps;
  const peer = app.peer('good.example');
  const bob = peer.actor('bob');
  const tell = async (activity: Json, times = 1) => {
    const sent = await Promise.all(Array.from({ length: times }, () => bob.send(app.url, activity)));
    await app.idle();
    return sent.map(({ status }) => status);
  };
  const follow = followOf(bob, app.author);

  expect(await tell(follow, 3)).toEqual([202, 202, 202]);
  expect(await app.run('followers', 'alice')).toMatchObject([{ actor: bob.id, state: 'accepted' }]);
  const post = await app.publish({ title: 'On this database' });
  expect(await app.run('deliveries', '--post', post.post.id)).toMatchObject([
    { host: 'good.example', state: 'delivered' },
  ]);

  const note = noteOf(bob, { inReplyTo: post.id, content: '<p>First.</p>' });
  expect(await tell(activityOf(bob, 'Create', note), 3)).toEqual([202, 202, 202]);
  await tell(activityOf(bob, 'Update', { ...note, content: '<p>Second.</p>' }));
  expect(await findReceivedComment(db, 'fediverse', String(note.id))).toMatchObject({ text: 'Second.' });
  await tell(activityOf(bob, 'Like', post.id), 2);
  expect(await countReactions(db, post.post.id)).toMatchObject({ like: 1, boost: 0 });
  await tell(activityOf(bob, 'Create', noteOf(bob, { inReplyTo: post.id, to: [app.author], cc: [] })));
  expect(await app.run('mentions', 'alice')).toMatchObject([{ visibility: 'direct' }]);
  await tell(activityOf(bob, 'EmojiReact', post.id, { content: '🔥' }), 2);
  expect(await countEmojis(db, post.post.id)).toEqual([{ emoji: '🔥', emojiUrl: null, count: 1 }]);
  const quote = noteOf(bob, { quote: post.id });
  const request = activityOf(bob, 'QuoteRequest', post.id, { instrument: quote });
  expect(await tell(request, 2)).toEqual([202, 202]);
  await tell(activityOf(bob, 'Create', quote));
  expect((await peer.receives('Accept', 2)).activity).toMatchObject({ object: { id: request.id } });
  expect(await countReactions(db, post.post.id)).toMatchObject({ quote: 1 });
  await tell(activityOf(bob, 'Delete', quote.id));
  expect(await countReactions(db, post.post.id)).toMatchObject({ quote: 0 });
  const suggested = { query: 'bo', userId: post.post.authorId };
  expect(await app.app.deps.hooks.filters.apply('people.suggested', [], suggested)).toHaveLength(1);
  const above = noteOf(bob, { inReplyTo: note.id });
  peer.serve(String(above.id), { '@context': 'https://www.w3.org/ns/activitystreams', ...above });
  const lowest = noteOf(bob, { inReplyTo: above.id });
  await tell(activityOf(bob, 'Create', lowest), 2);
  const between = await findReceivedComment(db, 'fediverse', String(above.id));
  expect(await findReceivedComment(db, 'fediverse', String(lowest.id))).toMatchObject({
    parentId: between?.id,
  });
  await tell(activityOf(bob, 'Delete', above.id));
  const first = await findReceivedComment(db, 'fediverse', String(note.id));
  expect(await findReceivedComment(db, 'fediverse', String(lowest.id))).toMatchObject({
    parentId: first?.id,
  });
  await tell(activityOf(bob, 'Delete', note.id));
  expect(await findReceivedComment(db, 'fediverse', String(note.id))).toBeNull();

  peer.answerInbox(() => 503);
  await unpublishPost(app.app.deps, post.post.id);
  await app.idle();
  expect(await app.run('deliveries', '--state', 'failed')).toMatchObject([{ lastStatus: 503, attempts: 1 }]);
  expect(await app.run('deliveries', '--summary')).toMatchObject({ states: { failed: 1 } });
  expect(await app.run('peers')).toMatchObject([
    { host: 'good.example', health: 'failing', queue: 1, followers: 1 },
  ]);
  expect(await app.run('hold', 'good.example')).toMatchObject({ health: 'stopped' });
  expect(await app.run('peers', '--health', 'stopped', '--name', 'GOOD')).toHaveLength(1);
  expect(await app.run('deliveries', '--host', 'good.example', '--state', 'failed')).toHaveLength(1);
  peer.answerInbox(() => 202);
  expect(await app.run('retry')).toEqual({ queued: 1, hosts: ['good.example'] });
  await app.idle();
  expect((await peer.receives('Delete')).activity.object).toMatchObject({ id: post.id });

  await tell(undoOf(bob, follow));
  expect(await app.run('followers', 'alice')).toEqual([]);
  await app.run('block', 'good.example');
  expect(await tell(follow)).toEqual([403]);
  expect(await app.run('blocks')).toMatchObject([{ value: 'good.example', level: 'block' }]);

  const context = app.app.plugins.find('federation')?.context;
  await context?.jobs.add(null, 'keep-house', {});
  await context?.jobs.add(null, 'tend-hosts', {});
  await context?.jobs.add(null, 'greet', { host: 'good.example' });
  await context?.jobs.add(null, 'notices', {});
  await app.idle();
  expect(await db.selectFrom('jobs').select('kind').where('state', '=', 'dead').execute()).toEqual([]);
});

test.each(databases)(
  'whom an author follows, and the communities of a post, are kept on %s',
  async (_name, environment) => {
    const app = await startFederatedApp({ env: await environment() });
    onTestFinished(() => app.close());
    const group = app.peer('good.example').actor('club', { type: 'Group' });
    const names = { communities: ['!club@good.example', '!nobody@good.example'] };
    await app.run('follow', 'alice', '!club@good.example');
    const post = await app.publish({ title: 'Shared', fields: names });
    expect(await app.run('following', 'alice')).toMatchObject([{ actor: group.id, state: 'requested' }]);
    const { activity } = await app.peer('good.example').receives('Follow');
    for (const told of [activityOf(group, 'Accept', activity), activityOf(group, 'Announce', post.id)])
      await group.send(app.url, told);
    await app.idle();
    expect(await app.run('following', 'alice')).toMatchObject([{ state: 'accepted' }]);
    expect(await app.run('communities', post.post.id, '--again')).toMatchObject([
      { state: 'listed' },
      { state: 'missing' },
    ]);
    await app.run('block', 'good.example');
    expect(await app.run('following', 'alice')).toEqual([]);
  },
);

test.each(databases)('an address that no text can hold is of nothing on %s', async (_name, environment) => {
  const app = await startFederatedApp({ env: await environment() });
  onTestFinished(() => app.close());
  const bob = app.peer('good.example').actor('bob');
  const carla = app.peer('other.example').actor('carla');
  for (const path of ['/%00', '/x%00y', '/%ff', '/author/%00', '/%00#comment-%00', '/ap/comments/%00']) {
    const like = activityOf(bob, 'Like', `${app.url}${path}`);
    const passedOn = await carla.send(app.url, like);
    const direct = await bob.send(app.url, like);
    expect([path, passedOn.status, direct.status]).toEqual([path, 403, 202]);
    await bob.send(app.url, activityOf(bob, 'Create', noteOf(bob, { inReplyTo: `${app.url}${path}` })));
    await bob.send(app.url, followOf(bob, `${app.url}${path}`));
  }
  await app.idle();
  expect(
    await app.app.deps.db
      .selectFrom('jobs')
      .select(['kind', 'last_error'])
      .where('last_error', 'is not', null)
      .execute(),
  ).toEqual([]);
});
