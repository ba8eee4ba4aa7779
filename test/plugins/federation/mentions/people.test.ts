import { afterAll, beforeAll, expect, test } from 'vitest';
import { commentAsUser } from '../../../../src/comments/submit-comment.ts';
import { type Client, signIn } from '../../../support/create-test-app.ts';
import {
  activityOf,
  type FederatedApp,
  followOf,
  noteOf,
  startFederatedApp,
} from '../../../support/federated-app.ts';
import type { Json } from '../../../support/remote-peer.ts';

let app: FederatedApp;
let admin: Client;
beforeAll(async () => {
  app = await startFederatedApp();
  const commenter = app.peer('good.example').actor('annabel', { displayName: 'Bel Writer' });
  const follower = app.peer('other.example').actor('annika');
  await follower.send(app.url, followOf(follower, app.author));
  const post = await app.publish({ slug: 'talk' });
  await commenter.send(app.url, activityOf(commenter, 'Create', noteOf(commenter, { inReplyTo: post.id })));
  await app.idle();
  admin = await signIn(app.url, { username: 'alice', password: 'correct horse battery' });
});
afterAll(() => app.close());

async function suggested(query: string): Promise<string[]> {
  const answer = await admin.get(`/admin/people?q=${encodeURIComponent(query)}`);
  const { people } = (await answer.json()) as { people: { handle: string }[] };
  return people.map(({ handle }) => handle);
}

test('a writer who types @ and letters is told whom they may mean, followers first', async () => {
  expect(await suggested('ann')).toEqual(['@annika@other.example', '@annabel@good.example']);
  expect(await suggested('@annabel@go')).toEqual(['@annabel@good.example']);
  expect(await suggested('writ')).toEqual(['@annabel@good.example']);
  expect(await suggested('%')).toEqual([]);
  expect(await suggested('')).toEqual([]);
});

test('nobody else may ask', async () => {
  const answer = await fetch(`${app.url}/admin/people?q=a`, { headers: { accept: 'application/json' } });
  expect(answer.status).toBe(401);
});

test('the editor says whom it did not find, until they are found', async () => {
  const body = 'With @nobody@friend.example and @annika@other.example.';
  const { post } = await app.publish({ slug: 'named', bodyMarkdown: body });
  const panel = async () => (await admin.page(`/admin/posts/${post.id}`)).replace(/\s+/g, ' ');
  expect(await panel()).toContain('@nobody@friend.example not found.');
  expect(await panel()).not.toContain('@annika@other.example not found');
});

test('an answer reaches those whom it names', async () => {
  const { post } = await app.publish({ slug: 'answered' });
  const friend = app.peer('moved.example').actor('friend');
  await commentAsUser(app.app.deps, {
    postId: post.id,
    userId: post.authorId,
    markdown: 'What does @friend@moved.example say?',
  });
  await app.idle();
  const { activity } = await app.peer('moved.example').receives('Create');
  const note = activity.object as Json;
  expect(note.tag).toEqual([{ type: 'Mention', href: friend.id, name: '@friend@moved.example' }]);
  expect(note.cc).toContain(friend.id);
  expect(note.content).toContain('class="u-url mention"');
});
