import { expect, test } from 'vitest';
import { startPeer } from '../peer.ts';
import { startFederatedBlog } from '../support.ts';

test('somebody who is mentioned in a post is linked, addressed and told, and a stranger stays plain text', async () => {
  const blog = await startFederatedBlog();
  const far = await startPeer();
  const bob = far.serveActor('bob', { url: `${far.origin}/@bob` });
  far.serve('/inbox', { status: 202 });

  const post = await blog.publish({
    title: 'Thanks',
    bodyMarkdown: `Thanks to @bob@${far.host}, @nobody@${far.host} and @alice@${blog.host}. \`@bob@${far.host}\``,
  });
  await blog.idle();

  const article = await blog.document(`/ap/posts/${post.id}`);
  expect(article.tag).toEqual([{ type: 'Mention', href: bob.id, name: `@bob@${far.host}` }]);
  expect(article.cc).toContain(bob.id);
  expect(article.content).toContain(
    `<a href="${far.origin}/@bob" class="u-url mention">@bob</a></span>, @nobody@${far.host} and @alice@${blog.host}.`,
  );
  expect(article.content).toContain(`<code>@bob@${far.host}</code>`);
  expect(far.count('/inbox')).toBe(1);
});

test('reading a post’s object asks nobody about those it names', async () => {
  const blog = await startFederatedBlog();
  const far = await startPeer();
  await blog.app.plugins.disable('federation');
  const post = await blog.publish({ title: 'Before', bodyMarkdown: `Hi @bob@${far.host}` });
  await blog.idle();
  await blog.app.plugins.enable('federation');

  expect((await blog.document(`/ap/posts/${post.id}`)).tag).toEqual([]);
  expect(far.asked).toEqual([]);
});
