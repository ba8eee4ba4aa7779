import {
  Article,
  Audio,
  Mention,
  Note,
  OrderedCollection,
  Person,
  PropertyValue,
} from '@fedify/fedify/vocab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commentAsUser } from '../../../../src/comments/submit-comment.ts';
import { addMedia } from '../../../../src/media/add-media.ts';
import { createUser, updateProfile } from '../../../../src/users/accounts.ts';
import { wav } from '../../../support/sounds.ts';
import { type FederatedBlog, startFederatedBlog } from '../support.ts';

// Fedify expands documents as JSON-LD, with the usual contexts built in: a word that ours does not define is lost there.

let blog: FederatedBlog;

beforeAll(async () => {
  blog = await startFederatedBlog({ untilTestEnds: false });
});
afterAll(() => blog.close());

test('an author is read by Fedify with every word', async () => {
  await updateProfile(blog.deps, blog.owner.id, { links: [{ label: 'Web', url: 'https://alice.example/' }] });
  const id = `${blog.url}/ap/users/${blog.owner.id}`;
  const person = await Person.fromJsonLd(await blog.document(id));

  expect(person.id?.href).toBe(id);
  expect(person.preferredUsername).toBe('alice');
  expect(person.inboxId?.href).toBe(`${id}/inbox`);
  expect(person.endpoints?.sharedInbox?.href).toBe(`${blog.url}/ap/inbox`);
  expect(person.featuredId?.href).toBe(`${id}/featured`);
  expect(person.discoverable).toBe(true);
  expect(person.indexable).toBe(true);
  expect(person.manuallyApprovesFollowers).toBe(false);
  const [field] = await Array.fromAsync(person.getAttachments());
  expect(field).toBeInstanceOf(PropertyValue);
  const key = await person.getPublicKey();
  expect(key?.ownerId?.href).toBe(id);
});

test('a post is read by Fedify', async () => {
  const post = await blog.publish({
    title: 'Bread',
    bodyMarkdown: 'Some **bread**.',
    tags: ['baking'],
    excerpt: 'On bread.',
  });
  const article = await Article.fromJsonLd(await blog.document(`/ap/posts/${post.id}`));

  expect(article.name?.toString()).toBe('Bread');
  expect(article.summary?.toString()).toBe('On bread.');
  expect(article.content?.toString()).toBe('<p>Some <strong>bread</strong>.</p>');
  expect(article.attributionId?.href).toBe(`${blog.url}/ap/users/${blog.owner.id}`);
  expect(article.toIds.map(String)).toEqual(['https://www.w3.org/ns/activitystreams#Public']);
  expect(article.repliesId?.href).toBe(`${blog.url}/ap/posts/${post.id}/replies`);
  expect((await Array.fromAsync(article.getTags())).map((tag) => tag.name?.toString())).toEqual(['#baking']);
  expect(article.interactionPolicy?.canQuote?.automaticApprovals.map(String)).toEqual([
    'https://www.w3.org/ns/activitystreams#Public',
  ]);
});

test('a short post with a warning, a sound and a further author is read by Fedify', async () => {
  const carol = await createUser(blog.deps, {
    username: 'carol',
    email: 'carol@blog.example',
    password: 'a long pass phrase',
    role: 'author',
  });
  const sound = await addMedia(blog.deps, { bytes: wav(3), alt: 'Three seconds', userId: blog.owner.id });
  const post = await blog.publish({
    title: '',
    bodyMarkdown: `Listen\n\n![Three seconds](/media/${sound.file})`,
    fields: { federation: { contentWarning: 'noise', coAuthors: ['carol'] } },
  });
  const document = await blog.document(`/ap/posts/${post.id}`);
  const note = await Note.fromJsonLd(document);

  expect(note.summary?.toString()).toBe('noise');
  expect(note.sensitive).toBe(true);
  expect(note.attributionIds.map(String)).toEqual([`${blog.url}/ap/users/${blog.owner.id}`]);
  const [attachment] = await Array.fromAsync(note.getAttachments());
  expect(attachment).toBeInstanceOf(Audio);
  expect(attachment instanceof Audio && attachment.duration?.total('seconds')).toBe(3);
  expect(attachment instanceof Audio && attachment.mediaType).toBe('audio/wav');
  const tags = await Array.fromAsync(note.getTags());
  expect(tags.map((tag) => tag instanceof Mention && tag.href?.href)).toEqual([
    `${blog.url}/ap/users/${carol.id}`,
  ]);
  expect(JSON.stringify(document)).not.toContain('<audio');
});

test('a comment and a collection are read by Fedify', async () => {
  const post = await blog.publish({ title: 'Answered', bodyMarkdown: 'Text.' });
  const comment = await commentAsUser(blog.deps, {
    postId: post.id,
    userId: blog.owner.id,
    markdown: 'Yes.',
  });
  const note = await Note.fromJsonLd(await blog.document(`/ap/comments/${comment.id}`));
  expect(note.replyTargetId?.href).toBe(`${blog.url}/ap/posts/${post.id}`);
  const outbox = await OrderedCollection.fromJsonLd(await blog.document(`/ap/users/${blog.owner.id}/outbox`));
  expect(outbox.totalItems).toBeGreaterThan(0);
});
