import path from 'node:path';
import sharp from 'sharp';
import type { IncomingComment } from '../../src/comments/comment.ts';
import { moderateComments } from '../../src/comments/moderate-comments.ts';
import { receiveComment } from '../../src/comments/receive-comment.ts';
import { addMedia } from '../../src/media/add-media.ts';
import type { Medium } from '../../src/media/medium.ts';
import { createPictureFolder } from '../../src/pictures/picture-folder.ts';
import { addReaction } from '../../src/reactions/react.ts';
import { changeSettings } from '../../src/settings/site-settings.ts';
import { updateProfile } from '../../src/users/accounts.ts';
import { type OpenSite, openSite } from '../web/open-site.ts';

/** A landscape in flat colours, so that pictures of pages look like pages with pictures. */
async function drawPicture(width: number, height: number, sky: string): Promise<Buffer> {
  const [w, h] = [width, height];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}"><rect width="100%" height="100%" fill="${sky}"/><circle cx="${w * 0.7}" cy="${h * 0.38}" r="${h * 0.11}" fill="#f4e6c8"/><path d="M0 ${h * 0.72} Q${w * 0.2} ${h * 0.5} ${w * 0.42} ${h * 0.7} T${w} ${h * 0.62} V${h} H0Z" fill="#47605f"/><path d="M0 ${h * 0.86} Q${w * 0.3} ${h * 0.7} ${w * 0.6} ${h * 0.85} T${w} ${h * 0.8} V${h} H0Z" fill="#22333a"/></svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 70 }).toBuffer();
}

async function addPicture(
  site: OpenSite,
  { width, height, sky, alt }: { width: number; height: number; sky: string; alt: string },
): Promise<Medium> {
  const bytes = await drawPicture(width, height, sky);
  return addMedia(site.deps, { bytes, alt, userId: site.owner.id });
}

const paragraph =
  'For most of a winter I have been mending the same door. It is not a good door, and I am not a good carpenter, but between us we have come to an understanding about draughts, which is that they will come in *somewhere* and that one may as well choose where. The frame dates from 1911; the door itself is younger, a replacement "of good Baltic pine", as the receipt says, which I found behind the skirting together with three buttons and a ticket for the tram.';

function longText(picture: Medium): string {
  return `${paragraph}

What interests me is not the door but the order of the work.[^1] Every book on joinery begins with measuring, and every [joiner I have met](https://joiner.example/) begins with looking, for a long time, at the light that comes around the edges.

> A door is a promise about a wall. It says: here, and nowhere else, you may change your mind.

## Looking before measuring

${paragraph}

![The hinge side](/media/${picture.file} "The hinge side, after the second coat. The light leak at the bottom is the one I chose to keep.")

### Tools that were enough

Three tools did nine tenths of the work:

- a block plane, borrowed;
- a marking gauge with a worn wheel;
- a folding rule that is two millimetres short.

The correction for the short rule uses \`Math.round\` where I should have thought harder:

\`\`\`ts
/** Millimetres as the old rule reads them. */
export function trueLength(read: number): number {
  const worn = { short: 2, over: 1000 };
  return Math.round(read * (1 - worn.short / worn.over)); // never more than a hair out, and long lines scroll by themselves
}
\`\`\`

## The numbers

| Evening | Wind | Before, m³/h | After, m³/h | What I thought at the time and wrote on the door in pencil |
|---|---|--:|--:|---|
| 2 November | SW 5 | 41.0 | 12.5 | Hope |
| 9 November | W 6 | 48.3 | 11.9 | Still hope |

> [!NOTE]
> A candle measures this nearly as well as an anemometer, and is better company.

<details><summary>How the measuring was done</summary>

With a borrowed anemometer at nine points, averaged.

</details>

---

${paragraph}

## What is left

${paragraph}

${paragraph}

${paragraph}

${paragraph}

[^1]: Or rather the order in which one *tells* the work, which is another thing altogether.
`;
}

const longName = 'Maximiliana von und zu Hohenlohe-Waldenburg-Schillingsfürst the Younger (she/her) 🌿';
const longWord = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';

/** A blog with everything that a page can show; `paths` are the pages that are worth a look. */
export async function seedSite(): Promise<{ site: OpenSite; paths: Readonly<Record<string, string>> }> {
  const site = await openSite({ untilTestEnds: false });
  const { deps, owner } = site;
  await changeSettings(deps, {
    title: 'The Slow Quarter',
    tagline: 'Notes on tools, weather and the long way round',
    accentHue: 28,
    postsPerPage: 7,
  });
  const wide = await addPicture(site, { width: 1800, height: 900, sky: '#a9c0c9', alt: 'Hills at dusk' });
  const square = await addPicture(site, { width: 900, height: 900, sky: '#d9b9a0', alt: '' });
  await updateProfile(deps, owner.id, {
    name: 'Marit Oosterhuis',
    bio: 'Bookbinder, occasional programmer. I write about *making things slowly*.',
    links: [{ label: 'Workshop', url: 'https://workshop.example/' }],
    avatarId: square.id,
    headerId: wide.id,
  });
  for (let count = 0; count < 3; count += 1)
    await site.publish({ title: `An older post, number ${count + 1}`, bodyMarkdown: paragraph });
  await site.publish({
    title: 'في مديح البطء',
    bodyMarkdown:
      'هناك نوع من البرمجيات لا تلاحظه إلا حين يغيب، وهو في الغالب ما كتبه شخص لشخص واحد. عن الأبواب والشتاء.\n\n> الباب وعد عن الجدار.\n\n- أولا\n- ثانيا',
    language: 'ar',
    slug: 'slowness',
    imageId: square.id,
  });
  await site.publish({
    title: `${longWord} and its discontents`,
    bodyMarkdown: 'A title that is one very long word.',
    slug: 'long-word',
  });
  const short = await site.publish({
    bodyMarkdown:
      'Saw the first redwings this morning, forty or so, in the hawthorn behind the station. Nobody else on the platform looked up.',
  });
  const post = await site.publish({
    title: 'The door that would not close',
    excerpt: 'A winter of planing, waiting and counting draughts.',
    bodyMarkdown: longText(wide),
    imageId: wide.id,
    tags: ['joinery', 'winter'],
    categories: ['House'],
    slug: 'door',
  });
  await site.publish({ title: 'About', type: 'page', bodyMarkdown: paragraph, commentsOpen: false });
  await addConversation(site, post.id);
  await site.addUser('silent', 'author');
  return {
    site,
    paths: {
      home: '/',
      'home-2': '/?page=2',
      post: '/door',
      'post-short': `/${short.slug}`,
      'post-rtl': '/slowness',
      'post-long-word': '/long-word',
      page: '/about',
      author: '/author/alice',
      'author-empty': '/author/silent',
      tag: '/tag/winter',
      search: '/search?q=door',
      'search-nothing': '/search?q=xyzzy',
      'not-found': '/never',
    },
  };
}

async function addConversation(site: OpenSite, postId: string): Promise<void> {
  const first = await site.receive(postId, {
    html: '<p>The remark about choosing where the draught comes in has been on my wall since Tuesday.</p>',
    name: 'Anna Wielander',
  });
  await moderateComments(site.deps, [first], 'approve');
  const ids = [first];
  for (const [name, html] of [
    ['Jo', '<p>He would find two millimetres in mine.</p>'],
    ['يوسف الحداد', '<p>هذا أجمل ما قرأت عن الأبواب منذ زمن طويل.</p>'],
    [
      longName,
      `<p>Quoting you:</p><blockquote><p>A candle measures this nearly as well</p></blockquote><p>https://example.social/${'a/very/long/address/'.repeat(8)}</p>`,
    ],
    ['Ruth', '<p>Four deep, and said flat.</p>'],
  ] as const) {
    const id = await site.receive(postId, { html, name, parentId: ids.at(-1) ?? null });
    ids.push(id);
  }
  ids.push(
    await site.receive(postId, {
      html: '<p>A second thread.</p>',
      name: longName,
      handle: '@maximiliana.von.hohenlohe.waldenburg@a-rather-long-host-name.example.social',
    }),
  );
  ids.push(...(await receiveParts(site, postId)));
  await moderateComments(site.deps, ids, 'approve');
  for (const [index, name] of ['Anna', 'Kenji', 'Ruth', 'Olu', longName].entries()) {
    const reader = {
      postId,
      source: 'elsewhere',
      actorId: `https://social.example/users/${index}`,
      name,
      handle: `@reader${index}@social.example`,
      url: 'https://social.example/',
      avatarUrl: null,
      externalId: null,
      emoji: null,
    };
    const picture = index === 3 ? { emoji: ':fern:', emojiUrl: fernUrl } : { emoji: index < 2 ? '🚪' : null };
    await addReaction(site.deps, { ...reader, kind: 'like', ...picture });
    if (index < 2) await addReaction(site.deps, { ...reader, kind: 'boost' });
    if (index === 2) await addReaction(site.deps, { ...reader, kind: 'quote' });
  }
}

const fernUrl = 'https://social.example/fern.png';

/** Comments with what texts from elsewhere bring along: a warning, a poll, emoji of their own. */
async function receiveParts(site: OpenSite, postId: string): Promise<string[]> {
  const folder = createPictureFolder(path.join(site.deps.config.dataFolder, 'cache', 'pictures'), {
    files: 100,
    bytes: 1_000_000,
    ageMs: 3_600_000,
  });
  const fern =
    '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><circle cx="32" cy="32" r="28" fill="#2a7"/></svg>';
  await folder.put(`emoji ${fernUrl}`, await sharp(Buffer.from(fern)).webp().toBuffer());
  const emojis = [{ name: 'fern', url: fernUrl }];
  const author = { url: 'https://social.example/@fern', handle: '@fern@social.example', avatarUrl: null };
  const parts: Partial<IncomingComment>[] = [
    { html: '<p>Eight legs behind the lower hinge.</p>', warning: 'Spiders :fern:', emojis },
    {
      html: '<p>Which one do you close first? :fern:</p>',
      emojis,
      poll: {
        options: [
          { name: 'The one in the hall', votes: 12 },
          { name: 'The one that would not close, which by now it does', votes: 31 },
          { name: 'None', votes: 0 },
        ],
        multiple: false,
        voters: 43,
        endsAt: '2026-01-02T10:00:00.000Z',
        countedAt: '2026-01-02T10:00:00.000Z',
      },
    },
  ];
  const ids: string[] = [];
  for (const [index, part] of parts.entries()) {
    const receipt = await receiveComment(site.deps, {
      postId,
      source: 'elsewhere',
      author: { ...author, name: 'Fern :fern:', emojis },
      html: '',
      externalId: `https://social.example/parts/${index}`,
      externalAuthorId: 'https://social.example/users/fern',
      ...part,
    });
    if (receipt.kind === 'stored') ids.push(receipt.comment.id);
  }
  return ids;
}
