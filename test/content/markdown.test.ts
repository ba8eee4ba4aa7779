import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MarkdownOptions } from '../../src/content/markdown/rendering.ts';
import { renderMarkdown } from '../../src/content/markdown.ts';
import { tableOfContents } from '../../src/content/table-of-contents.ts';
import { dangersIn } from '../support/dangers-in-html.ts';
import { hostileMarkup } from '../support/hostile-markup.ts';

const render = (markdown: string, options?: MarkdownOptions) =>
  renderMarkdown(markdown, options).toString().trim();
const anchor = (id: string) =>
  `<a class="heading-anchor" href="#${id}" aria-label="Link to this section"></a>`;

describe('text', () => {
  test.each([
    ['paragraphs and emphasis', 'a *b* **c** ~~d~~', '<p>a <em>b</em> <strong>c</strong> <s>d</s></p>'],
    [
      'typographic quotes, dashes and dots',
      `"It's *so*" -- he said...`,
      '<p>“It’s <em>so</em>” – he said…</p>',
    ],
    ['code keeps its characters', '`"a" -- <b>`', '<p><code>"a" -- &lt;b&gt;</code></p>'],
    ['angle brackets that are no markup stay', 'a <b and 5 < 6', '<p>a &lt;b and 5 &lt; 6</p>'],
    [
      'addresses become links',
      'see https://e.example/a_b.',
      '<p>see <a href="https://e.example/a_b">https://e.example/a_b</a>.</p>',
    ],
    ['file names do not', 'readme.md', '<p>readme.md</p>'],
    ['lists keep their number', '3. a', '<ol start="3">\n<li>a</li>\n</ol>'],
    ['markup in the text', '<kbd>a</kbd>', '<p><kbd>a</kbd></p>'],
    [
      'details',
      '<details><summary>a</summary>\n\n*b*\n\n</details>',
      '<details><summary>a</summary>\n<p><em>b</em></p>\n</details>',
    ],
    ['scripts go', 'a <script>alert(1)</script>', '<p>a </p>'],
    [
      'links to scripts go',
      '[a](<java script:x>) <a href="javascript:x">b</a>',
      '<p>[a](&lt;java script:x&gt;) <a>b</a></p>',
    ],
  ])('%s', (_name, markdown, expected) => {
    const html = render(markdown);
    if (_name !== 'links to scripts go') expect(html).toBe(expected);
    expect(dangersIn(html)).toEqual([]);
  });

  test('code is coloured where its language is known', () => {
    expect(render('```js\nconst a = "<b>";\n```')).toBe(
      '<pre tabindex="0"><code class="hljs language-js"><span class="hljs-keyword">const</span> a = <span class="hljs-string">"&lt;b&gt;"</span>;\n</code></pre>',
    );
    expect(render('```nonsense\n<b>\n```')).toBe(
      '<pre tabindex="0"><code class="hljs language-nonsense">&lt;b&gt;\n</code></pre>',
    );
    expect(render('```"><script>\na\n```')).toBe('<pre tabindex="0"><code>a\n</code></pre>');
  });

  test.each(['bash', 'c++', 'html', 'ts', 'yml', 'rs', 'dockerfile', 'toml', 'tex'])(
    '%s is a known language',
    (language) => {
      expect(render(`\`\`\`${language}\n# if "a" { let b = 1; } // <c>\n\`\`\``)).toContain(
        '<span class="hljs-',
      );
    },
  );

  test('tables scroll in their own box', () => {
    const html = render('| a | b |\n|---|--:|\n| 1 | 2 |');
    expect(html).toMatch(/^<div class="table-scroll" role="region" aria-label="Table" tabindex="0"><table>/);
    expect(html).toContain('<th scope="col" align="right">b</th>');
    expect(html).toContain('<td align="right">2</td>');
  });

  test('tasks say whether they are done', () => {
    expect(render('- [ ] a\n- [x] b')).toBe(
      '<ul>\n<li class="task"><input type="checkbox" disabled="" aria-label="To do" /> a</li>\n' +
        '<li class="task"><input type="checkbox" disabled="" checked="" aria-label="Done" /> b</li>\n</ul>',
    );
  });

  test('a quotation with a mark is a note', () => {
    expect(render('> [!WARNING]\n> Mind *this*.')).toBe(
      '<aside class="callout callout-warning" role="note">\n<p class="callout-title">Warning</p>\n<p>Mind <em>this</em>.</p>\n</aside>',
    );
    expect(render('> [!OTHER]\n> a')).toContain('<blockquote>');
    expect(render('> > [!TIP]\n> > a\n>\n> b')).toMatch(
      /^<blockquote>\n<aside[\s\S]*<\/aside>\n<p>b<\/p>\n<\/blockquote>$/,
    );
  });
});

describe('headings', () => {
  test('have an id made of their words and a link to themselves', () => {
    expect(render('## Süßes *und* <b>Saures</b>?')).toBe(
      `<h2 id="süßes-und-saures">Süßes <em>und</em> <b>Saures</b>?${anchor('s%C3%BC%C3%9Fes-und-saures')}</h2>`,
    );
    expect(render('## 日本語')).toContain('id="日本語"');
    expect(render('## !!!')).toContain('id="section"');
    expect(render('## a', { headingIds: false })).toBe('<h2>a</h2>');
    expect(render('## a', { idPrefix: 'p7-' })).toContain('<h2 id="p7-a">');
  });

  test('never share an id, nor take one of the page', () => {
    const html = renderMarkdown('## a\n## a\n## a-1\n## Comments\n## comments');
    const ids = tableOfContents(html).map(({ id }) => id);
    expect(ids).toEqual(['a', 'a-1', 'a-1-1', 'comments-1', 'comments-2']);
  });

  test('go one level down when the text uses the first', () => {
    expect(render('# a\n\n## b\n\n###### c', { headingIds: false })).toBe(
      '<h2>a</h2>\n<h3>b</h3>\n<h6>c</h6>',
    );
    expect(render('## b', { headingIds: false })).toBe('<h2>b</h2>');
  });

  test('make a table of contents', () => {
    expect(
      tableOfContents(renderMarkdown('## One & *two*\n\n### Three\n\n#### Four\n\n<h2>no id</h2>')),
    ).toEqual([
      { level: 2, id: 'one-two', text: 'One & two' },
      { level: 3, id: 'three', text: 'Three' },
    ]);
  });
});

describe('pictures', () => {
  const image = (url: string) =>
    url === '/media/a.jpg'
      ? {
          width: 1600,
          height: 900,
          srcset: '/media/a-480.webp 480w',
        }
      : null;

  test('alone in a paragraph are figures, with the title as caption', () => {
    expect(render('![a "cat"](/media/a.jpg "Our <cat>")')).toBe(
      '<figure><img src="/media/a.jpg" alt="a &quot;cat&quot;" decoding="async" /><figcaption>Our &lt;cat&gt;</figcaption></figure>',
    );
    expect(render('[![a](/media/a.jpg)](https://e.example/)')).toMatch(
      /^<figure><a href="https:\/\/e.example\/"><img [^>]*><\/a><\/figure>$/,
    );
    expect(render('see ![a](/media/a.jpg)')).toMatch(/^<p>see <img/);
  });

  test('of our own bring their size and smaller forms', () => {
    expect(render('![a](/media/a.jpg)', { image })).toBe(
      '<figure><img src="/media/a.jpg" alt="a" width="1600" height="900" srcset="/media/a-480.webp 480w" ' +
        'sizes="(min-width: 48rem) 44rem, 100vw" decoding="async" /></figure>',
    );
    expect(render('![a](https://other.example/a.jpg)', { image })).not.toContain('width');
  });

  test('load late, but for the first', () => {
    const [first, second] = render('![](/a)\n\n![](/b)').split('\n');
    expect(first).not.toContain('loading');
    expect(second).toContain('loading="lazy"');
  });
});

describe('footnotes', () => {
  test('link to a list at the end and back', () => {
    const html = render('a[^n] b[^n]\n\n[^n]: The *note*.');
    expect(html).toContain(
      'a<sup class="footnote-ref"><a href="#fn-1" id="fnref-1" role="doc-noteref" aria-label="Footnote 1">1</a></sup>',
    );
    expect(html).toContain('id="fnref-1-2"');
    expect(html).toContain(
      '<section class="footnotes" role="doc-endnotes" aria-label="Footnotes">\n<ol>\n<li id="fn-1" class="footnote"><p>The <em>note</em>. <a href="#fnref-1" class="footnote-back" role="doc-backlink" aria-label="Back to reference 1">',
    );
    expect(dangersIn(html)).toEqual([]);
  });

  test('keep apart on a page with several texts', () => {
    expect(render('a[^1]\n\n[^1]: b', { idPrefix: 'p7-' })).toContain('<a href="#p7-fn-1" id="p7-fnref-1"');
  });
});

describe('whatever is written', () => {
  test('a text that is too long is refused in one sentence', () => {
    expect(() => renderMarkdown('a'.repeat(512 * 1024 + 1))).toThrow(
      expect.objectContaining({ code: 'content.too_large', status: 413 }),
    );
    const notes = Array.from({ length: 1001 }, (_, index) => `[^${index}]\n\n[^${index}]: a\n\n`).join('');
    expect(() => renderMarkdown(notes)).toThrow(/more than 1000 footnotes/);
  });

  test('nothing dangerous is left, by another parser', () => {
    const markdown = fc
      .array(
        fc.oneof(
          hostileMarkup,
          fc.constantFrom(
            '![',
            '](',
            ')',
            '[',
            '`',
            '\n\n',
            '> [!NOTE]\n',
            '[^1]',
            '\n[^1]: ',
            '| a |\n|-|\n',
            '- [ ] ',
            '# ',
            '```js\n',
          ),
        ),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(markdown, (text) => {
        expect(dangersIn(render(text))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
