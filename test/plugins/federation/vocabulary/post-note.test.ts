import { describe, expect, test } from 'vitest';
import { article, bob, id, kneading, loaf, note, origin } from './posts.ts';

const alice = {
  id: `${origin}/ap/users/author-1`,
  handle: '@alice@blog.example',
  url: `${origin}/author/alice`,
};
const carol = {
  id: `${origin}/ap/users/author-2`,
  handle: '@carol@blog.example',
  url: `${origin}/author/carol`,
};

describe('a post without a title', () => {
  test('is a Note with its whole text, and its pictures attached', () => {
    const html = `<p>Some <strong>bread</strong>.</p><figure><img src="${loaf.url}" alt="A loaf"></figure>`;
    const object = note({ html });
    expect(object).toMatchObject({
      id,
      type: 'Note',
      content: '<p>Some <strong>bread</strong>.</p>',
      contentMap: { en: '<p>Some <strong>bread</strong>.</p>' },
      attachment: [{ type: 'Image', url: loaf.url, name: 'A loaf' }],
      updated: '2026-11-01T09:00:00.000Z',
    });
    for (const member of ['name', 'summary', 'sensitive', 'preview', 'image'])
      expect(object).not.toHaveProperty(member);
  });

  test('keeps pictures of other sites where they stand', () => {
    const html = '<p><img src="https://far.example/x.png" alt="x" /></p>';
    expect(note({ html }).content).toBe(html);
  });

  test('that is too long for some goes as its beginning with a link', () => {
    const { content } = note({ html: '<p>bread</p>'.repeat(7_000) });
    expect(content).toBe(`<p>Some bread.</p><p><a href="${origin}/bread">${origin}/bread</a></p>`);
  });

  test('names the tags that its text does not', () => {
    const tags = [
      { name: 'bread', slug: 'bread' },
      { name: 'sour dough', slug: 'sour-dough' },
    ];
    expect(note({ html: '<p>Fresh #bread</p>', post: { tags } }).content).toBe(
      `<p>Fresh <a href="${origin}/tag/bread" class="mention hashtag" rel="tag">#<span>bread</span></a></p>` +
        `<p><a href="${origin}/tag/sour-dough" class="mention hashtag" rel="tag">#<span>SourDough</span></a></p>`,
    );
  });
});

describe('a post with a title as a Note', () => {
  test('begins with its title, since a Note has no name', () => {
    expect(note({ post: { title: 'Bread & butter' } }).content).toBe(
      '<p><strong>Bread &amp; butter</strong></p><p>Some <strong>bread</strong>.</p>',
    );
  });

  test('in own words is these words and the link', () => {
    const words = 'I baked!\nIt took days.\n\nAsk @bob@far.example, see https://flour.example/a?b=1&c.';
    const object = note({ manner: 'own-words', words, post: { title: 'Bread' } });
    expect(object.content).toBe(
      '<p>I baked!<br />It took days.</p><p>Ask <span class="h-card"><a href="https://far.example/@bob" class="u-url mention">@bob</a></span>, ' +
        'see <a href="https://flour.example/a?b=1&amp;c">https://flour.example/a?b=1&amp;c</a>.</p>' +
        `<p><a href="${origin}/bread">${origin}/bread</a></p>`,
    );
    expect(object).not.toHaveProperty('source');
  });

  test('in own words that were never written is its summary and the link', () => {
    expect(note({ manner: 'own-words' }).content).toContain('<p>Some bread.</p>');
  });

  test('own words cannot smuggle markup', () => {
    const { content } = note({
      manner: 'own-words',
      words: '<script>alert(1)</script><img src=x onerror=y>',
    });
    expect(content).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });
});

describe('a content warning', () => {
  test('folds a Note', () => {
    expect(note({ contentWarning: 'spiders' })).toMatchObject({
      sensitive: true,
      summary: 'spiders',
      summaryMap: { en: 'spiders' },
    });
  });

  test('stands in an Article where its summary would, and nothing of the text is seen before', () => {
    const object = article({ contentWarning: 'spiders', sendSummary: false });
    expect(object).toMatchObject({ sensitive: true, summary: 'spiders' });
    expect(object.preview).toMatchObject({ content: expect.stringContaining('spiders') });
    expect(object.preview).toMatchObject({ content: expect.not.stringContaining('Some bread') });
  });
});

describe('a post by several', () => {
  test.each([
    ['Article', article],
    ['Note', note],
  ])('as an %s is attributed to one and names all', (_type, make) => {
    const object = make({ writers: [alice, carol] });
    expect(object.attributedTo).toBe(alice.id);
    expect(object.content).toContain(`<a href="${carol.url}" class="u-url mention">@carol</a>`);
    expect(object.content).toContain(`<a href="${alice.url}" class="u-url mention">@alice</a>`);
    expect(object.tag).toContainEqual({ type: 'Mention', name: carol.handle, href: carol.id });
    expect(object.tag).not.toContainEqual(expect.objectContaining({ href: alice.id }));
    expect(object.cc).toEqual([`${alice.id}/followers`, bob.id, carol.id]);
  });
});

describe('sound and film', () => {
  test('are attached with type, length and description, after the pictures', () => {
    const film = {
      ...kneading,
      url: `${origin}/media/oven.mp4`,
      mimeType: 'video/mp4',
      durationSeconds: null,
      alt: '',
    };
    expect(article({ recordings: [kneading, film] }).attachment).toEqual([
      expect.objectContaining({ type: 'Image', url: loaf.url }),
      { type: 'Audio', mediaType: 'audio/mpeg', url: kneading.url, name: 'Kneading', duration: 'PT63S' },
      { type: 'Video', mediaType: 'video/mp4', url: film.url },
    ]);
  });

  test('are linked in the text where they belong to another site', () => {
    expect(article({ html: '<p><audio src="https://far.example/a.mp3" controls></audio></p>' }).content).toBe(
      '<p><a href="https://far.example/a.mp3">https://far.example/a.mp3</a></p>',
    );
  });

  test('an article lead picture is a picture, though a sound stands first', () => {
    expect(article({ images: [], recordings: [kneading] })).not.toHaveProperty('image');
  });
});

test('an Article of full text has no summary, one in own words has these', () => {
  expect(article({ manner: 'full-text' })).not.toHaveProperty('summary');
  expect(article({ manner: 'own-words', words: 'I baked!', sendSummary: false })).toMatchObject({
    summary: 'I baked!',
  });
});
