import { describe, expect, test } from 'vitest';
import { createOf } from '../../../../plugins/federation/vocabulary/activities.ts';
import { contentOf } from '../../../../plugins/federation/vocabulary/content-out.ts';
import { actor, article, id, loaf, origin } from './posts.ts';

describe('a post as an Article', () => {
  test('has what receivers need, in the forms they need it', () => {
    expect(article()).toMatchObject({
      '@context': [
        'https://www.w3.org/ns/activitystreams',
        'https://w3id.org/security/v1',
        expect.any(Object),
      ],
      id,
      type: 'Article',
      attributedTo: actor,
      name: 'Bread & “butter”',
      nameMap: { en: 'Bread & “butter”' },
      summary: 'Some bread.',
      summaryMap: { en: 'Some bread.' },
      content: '<p>Some <strong>bread</strong>.</p>',
      contentMap: { en: '<p>Some <strong>bread</strong>.</p>' },
      mediaType: 'text/html',
      url: `${origin}/bread`,
      published: '2026-11-01T09:00:00.000Z',
      to: ['https://www.w3.org/ns/activitystreams#Public'],
      cc: [`${actor}/followers`, 'https://far.example/u/bob'],
      image: { type: 'Image', mediaType: 'image/jpeg', url: loaf.url, name: 'A loaf' },
      attachment: [
        { type: 'Image', mediaType: 'image/jpeg', url: loaf.url, name: 'A loaf', width: 800, height: 600 },
      ],
      tag: [
        { type: 'Hashtag', name: '#StaticSites', href: `${origin}/tag/static-sites` },
        { type: 'Hashtag', name: '#C', href: `${origin}/tag/c` },
        { type: 'Mention', name: '@bob@far.example', href: 'https://far.example/u/bob' },
      ],
      replies: { id: `${id}/replies`, type: 'Collection', totalItems: 2 },
      likes: { id: `${id}/likes`, type: 'Collection', totalItems: 3 },
      shares: { id: `${id}/shares`, type: 'Collection', totalItems: 4 },
      context: `${id}/context`,
      conversation: `${id}/context`,
      preview: { type: 'Note', content: expect.stringContaining('Some bread.') },
    });
  });

  test('was never changed before it was published', () => {
    expect(article().updated).toBe('2026-11-01T09:00:00.000Z');
    expect(article({ post: { updatedAt: '2026-11-02T00:00:00.000Z' } }).updated).toBe(
      '2026-11-02T00:00:00.000Z',
    );
  });

  test.each(['sensitive', 'audience', 'atomUri', 'featuredTags', 'bto', 'bcc'])('has no %s', (member) => {
    expect(article()).not.toHaveProperty(member);
  });

  test('has no summary rather than an empty one', () => {
    expect(article({ excerpt: '' })).not.toHaveProperty('summary');
    expect(article({ sendSummary: false })).not.toHaveProperty('summary');
  });

  test('has a summary of at most 500 characters on one line', () => {
    const { summary } = article({ excerpt: `line\none ${'word '.repeat(200)}` });
    expect(String(summary).length).toBeLessThanOrEqual(500);
    expect(summary).toMatch(/^line one word .*…$/);
  });

  test('gives its source without what readers do not see, and with addresses that work elsewhere', () => {
    const { source } = article();
    expect(source).toEqual({
      mediaType: 'text/markdown',
      content: `Some **bread**.\n\n\n\n![A loaf](${origin}/media/loaf.jpg)`,
    });
  });

  test('defines every word of its own that it uses, once', () => {
    const document = article();
    const [, , words] = document['@context'] as [string, string, Record<string, unknown>];
    for (const word of ['conversation', 'interactionPolicy', 'canQuote', 'Hashtag'])
      expect(words).toHaveProperty(word);
    expect(words).not.toHaveProperty('blurhash');
  });

  test('says who may answer', () => {
    const policy = { reply: 'nobody', like: 'everybody', boost: 'everybody', quote: 'everybody' } as const;
    expect(article({ policy }).interactionPolicy).toMatchObject({
      canReply: { automaticApproval: [actor] },
      canQuote: { automaticApproval: ['https://www.w3.org/ns/activitystreams#Public'] },
    });
  });

  test('without a title it is called by its beginning', () => {
    expect(article({ post: { title: '' } }).name).toBe('Some bread.');
  });
});

describe('the size of what is sent', () => {
  const sizeOf = (object: Record<string, unknown>) =>
    Buffer.byteLength(JSON.stringify(createOf({ id: `${origin}/ap/activities/1`, actor }, object)));
  const paragraphs = (bytes: number) => '<p>bread</p>'.repeat(Math.ceil(bytes / 12));

  test('a text of twenty thousand characters goes as it is', () => {
    const object = article({ html: paragraphs(20_000) });
    expect(object).toHaveProperty('source');
    expect(sizeOf(object)).toBeLessThan(65_536);
  });

  test('the source goes first', () => {
    const object = article({ html: paragraphs(24_000), post: { bodyMarkdown: 'bread\n\n'.repeat(4_000) } });
    expect(object).not.toHaveProperty('source');
    expect(object.content).toMatch(/^(<p>bread<\/p>)+$/);
    expect(sizeOf(object)).toBeLessThan(65_536);
  });

  test('what is too long without it becomes its beginning and a link', () => {
    const object = article({ html: paragraphs(80_000) });
    expect(object).not.toHaveProperty('source');
    expect(object.content).toBe(`<p>Some bread.</p><p><a href="${origin}/bread">${origin}/bread</a></p>`);
    expect(sizeOf(object)).toBeLessThan(65_536);
  });
});

describe('the text for other servers', () => {
  test('keeps what they show and leaves out what only our pages use', () => {
    const html =
      '<h1 id="a" class="x">A</h1><pre><code class="language-js hljs"><span class="hljs-keyword">let</span></code></pre>' +
      '<p style="color:red" onclick="x()">b<script>alert(1)</script></p><img src="https://a.example/x.png" srcset="y" alt="z" loading="lazy">';
    expect(contentOf(html)).toBe(
      '<h2>A</h2><pre><code class="language-js">let</code></pre><p>b</p><img src="https://a.example/x.png" alt="z" />',
    );
  });

  test('links the handles of those who are mentioned, but not in links and code', () => {
    const bob = {
      id: 'https://far.example/u/bob',
      handle: '@bob@far.example',
      url: 'https://far.example/@bob',
    };
    const html =
      '<p>Hi @bob@far.example, @eve@far.example</p><pre>@bob@far.example</pre><a href="https://x.example/">@bob@far.example</a>';
    expect(contentOf(html, [bob])).toBe(
      '<p>Hi <span class="h-card"><a href="https://far.example/@bob" class="u-url mention">@bob</a></span>, @eve@far.example</p>' +
        '<pre>@bob@far.example</pre><a href="https://x.example/">@bob@far.example</a>',
    );
  });
});
