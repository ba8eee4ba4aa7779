/**
 * Takes the pictures of the documentation from a running blog: `node_modules/.bin/node test/docs/take-pictures.ts`.
 * Run it when what they show has changed, and look at them.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { moderateComments } from '../../src/comments/moderate-comments.ts';
import { receiveComment } from '../../src/comments/receive-comment.ts';
import { sessionCookieName } from '../../src/http/visitor.ts';
import { addMedia } from '../../src/media/add-media.ts';
import { startTestBlog, type TestBlog } from '../../src/plugin-host/testing.ts';
import { addReaction } from '../../src/reactions/react.ts';
import { changeSettings } from '../../src/settings/site-settings.ts';
import { updateProfile } from '../../src/users/accounts.ts';
import { insertSession } from '../../src/users/session-store.ts';
import { closeBrowser, openContext } from '../support/browser.ts';

const folder = path.resolve(import.meta.dirname, '../../docs/pictures');
/** The address that the pictures show; nothing is asked of it. */
const origin = 'https://slowly.example';
const [width, height] = [1280, 860];

/** Hills in the evening, in layers. */
function landscape(w: number, h: number): Promise<Buffer> {
  const hill = (y: number, colour: string, sway: number) =>
    `<path d="M0 ${h * y} C${w * 0.2} ${h * (y - sway)} ${w * 0.35} ${h * (y + sway * 0.6)} ${w * 0.55} ${h * (y - sway * 0.3)} S${w * 0.85} ${h * (y - sway)} ${w} ${h * (y - sway * 0.2)} V${h} H0Z" fill="${colour}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}">
    <defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="#8fa9b5"/><stop offset=".55" stop-color="#e0cdb4"/><stop offset="1" stop-color="#edd9b8"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#sky)"/><circle cx="${w * 0.68}" cy="${h * 0.42}" r="${h * 0.07}" fill="#f8ecd2"/>
    ${hill(0.6, '#a3a79a', 0.12)}${hill(0.7, '#76857c', 0.1)}${hill(0.8, '#4b605b', 0.14)}${hill(0.92, '#263a3b', 0.1)}</svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 85 }).toBuffer();
}

const text = `The bridge below the mill has been closed since March, and so I walk the long way round: up past the chapel, along the ridge, and down through what everybody here calls the wood, although it is forty trees. It takes nineteen minutes more. I have begun to think of them as mine.

There is an art to a detour. The first week one counts what it costs. The second week one knows the dogs. By the third there is a *gate that I prop open* for the woman with the cart, and she has started leaving it propped for me.

> Nobody ever arrived early by a shortcut and then knew what to do with the time.

## What the ridge is for

From up there one sees both villages at once, and that they are the same village.`;

const people = [
  { name: 'Ines Carvalho', handle: '@ines@mastodon.example' },
  { name: 'Tomasz', handle: '@tomasz@pixels.example' },
  { name: 'Ruth Adeyemi', handle: '@ruth@books.example' },
  { name: 'Kenji', handle: '@kenji@misskey.example' },
] as const;

const about = (index: number) => {
  const { name, handle } = people[index] ?? people[0];
  const [, user = '', host = ''] = handle.split('@');
  return {
    name,
    handle,
    url: `https://${host}/@${user}`,
    avatarUrl: null,
    actorId: `https://${host}/users/${user}`,
  };
};

/** A post with a conversation, and one answer that waits. */
async function seed(blog: TestBlog): Promise<void> {
  const { deps } = blog.app;
  const owner = blog.owner?.id ?? '';
  await changeSettings(deps, {
    title: 'The long way round',
    tagline: 'Notes from a small valley',
    accentHue: 28,
  });
  const picture = await addMedia(deps, {
    bytes: await landscape(1800, 900),
    alt: 'Hills in the evening',
    userId: owner,
  });
  const face = await addMedia(deps, { bytes: await landscape(600, 600), alt: '', userId: owner });
  await updateProfile(deps, owner, {
    name: 'Alice Oosterhuis',
    bio: 'Bookbinder and walker. I write about making things *slowly*.',
    avatarId: face.id,
  });
  await blog.publish({ title: 'Paste', bodyMarkdown: 'On flour, water and patience.' });
  blog.advance(3600);
  const post = await blog.publish({
    title: 'In praise of the detour',
    bodyMarkdown: text,
    excerpt: 'Nineteen minutes more, and what is in them.',
    imageId: picture.id,
    tags: ['walking', 'winter'],
    slug: 'detour',
  });
  const say = async (index: number, html: string, parentId: string | null) => {
    blog.advance(600);
    const { actorId, ...author } = about(index);
    const externalId = `${actorId}/notes/${blog.app.deps.clock.now().getTime()}`;
    const receipt = await receiveComment(deps, {
      postId: post.id,
      parentId,
      source: 'fediverse',
      author,
      html,
      externalId,
      externalUrl: externalId,
      externalAuthorId: actorId,
    });
    if (receipt.kind !== 'stored') throw new Error(`The comment was not taken: ${receipt.kind}`);
    return receipt.comment.id;
  };
  const first = await say(
    0,
    '<p>“I have begun to think of them as mine.” I read this on a train that was late, and stopped minding.</p>',
    null,
  );
  await moderateComments(deps, [first], 'approve');
  const second = await say(1, '<p>It was. Please write about the dogs next.</p>', first);
  const third = await say(
    2,
    '<p>We have a gate like that. Somebody repainted it in the night, and nobody has ever said who.</p>',
    null,
  );
  await moderateComments(deps, [second, third], 'approve');
  await say(
    3,
    '<p>Is the ridge path open in the snow? I am there in January and would rather not take the road.</p>',
    null,
  );
  await say(
    1,
    '<p>Walked it this morning with your post in my pocket. Twenty-one minutes, but one of the dogs is new.</p>',
    null,
  );
  for (const [index] of people.entries()) {
    const { actorId, ...person } = about(index);
    const reaction = {
      postId: post.id,
      source: 'fediverse',
      actorId,
      ...person,
      externalId: null,
      emoji: null,
    };
    await addReaction(deps, { ...reaction, kind: 'like' });
    if (index < 2) await addReaction(deps, { ...reaction, kind: 'boost' });
  }
}

mkdirSync(folder, { recursive: true });
const blog = await startTestBlog({ env: { OUTPOST_URL: origin } });
try {
  await seed(blog);
  const local = `http://127.0.0.1:${blog.app.deps.config.port}`;
  const context = await openContext({ viewport: { width, height } });
  await context.route(`${origin}/**`, async (route) => {
    const url = route.request().url().replace(origin, local);
    await route.fulfill({ response: await route.fetch({ url, maxRedirects: 0 }) });
  });
  const page = await context.newPage();
  const take = (name: string) => page.screenshot({ path: path.join(folder, `${name}.png`) });

  await page.goto(`${origin}/detour`);
  await take('post');
  await page.evaluate(() => document.querySelector('.post-end')?.scrollIntoView());
  await take('conversation');

  const { token } = await insertSession(blog.app.deps.db, {
    userId: blog.owner?.id ?? '',
    userAgent: 'pictures',
    now: blog.app.deps.clock.now(),
  });
  await context.addCookies([{ name: sessionCookieName(origin), value: token, url: origin }]);
  await page.goto(`${origin}/admin/comments`);
  await page.setViewportSize({ width, height: 640 });
  await take('moderation');
} finally {
  await closeBrowser();
  await blog.close();
}
