import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Form, formFor, forms } from '../../../../plugins/federation/forms/forms.ts';
import { inForm } from '../../../../plugins/federation/forms/in-form.ts';
import { createOf, updateOf } from '../../../../plugins/federation/vocabulary/activities.ts';
import { actor, article, kneading, loaf, note, origin } from '../vocabulary/posts.ts';
import { receivers, type Seen, seenAt } from './receivers.ts';

type Json = Record<string, unknown>;

const title = { title: 'Bread' };
/** Posts as people write them: each must be seen well for a server to count. */
const postsWith = (sendSummary: boolean): Record<string, Json> => ({
  'a short article with a picture': article({ post: title, sendSummary }),
  'a long article with a picture': article({
    post: title,
    html: '<p>Some dough.</p>'.repeat(1_500),
    sendSummary,
  }),
  'an article with a warning': article({ post: title, contentWarning: 'crumbs', sendSummary }),
});
const posts = postsWith(true);

const sent = (object: Json, form: Form | null, type = createOf): Json =>
  JSON.parse(inForm(JSON.stringify(type({ id: `${origin}/ap/activities/1`, actor }, object)), form));
const objectOf = (activity: Json) => activity.object as Json;

function seenBy(withForms: boolean, sentPosts = posts): Map<string, Seen[]> {
  return new Map(
    receivers.map((receiver) => {
      const { software, host = `${software}.example` } = receiver;
      const form = withForms ? formFor({ host, software: `${software} 1.0` }) : null;
      const seen = Object.values(sentPosts).map((post) => seenAt(receiver, objectOf(sent(post, form))));
      return [software, seen];
    }),
  );
}

const showWell = (seen: Map<string, Seen[]>) =>
  [...seen].filter(([, all]) => all.every((one) => one === 'well')).map(([software]) => software);

describe('how many systems show a post well', () => {
  const canonical = showWell(seenBy(false));
  const adapted = showWell(seenBy(true));

  const withoutSummary = showWell(seenBy(false, postsWith(false)));

  test('is 13 of 29 with the canonical object, 15 with one without summary, and 23 with the form for each', () => {
    const counts = [canonical, withoutSummary, adapted].map(({ length }) => length);
    expect([...counts, receivers.length]).toEqual([13, 15, 23, 29]);
  });

  test.each(['plugins/federation/FEDERATION.md', 'docs/interoperability.md'])('is what %s says', (file) => {
    const text = readFileSync(path.join(import.meta.dirname, '../../../..', file), 'utf8').replace(
      /\s+/g,
      ' ',
    );
    expect(text).toContain(
      `${adapted.length} of ${receivers.length} systems show a post well with these forms, ${canonical.length} without`,
    );
  });

  test('is never made smaller by a form', () => {
    expect(canonical.filter((software) => !adapted.includes(software))).toEqual([]);
  });

  test.each(forms.flatMap(({ software, form }) => software.map((name) => [name, form] as const)))(
    'each form helps: %s',
    (name, form) => {
      const receiver = receivers.find(
        (one) => formFor({ host: one.host ?? '', software: one.software }) === form,
      );
      if (!receiver) throw new Error(`No receiver has the form of ${name}.`);
      const before = Object.values(posts).map((post) => seenAt(receiver, objectOf(sent(post, null))));
      expect(before.some((seen) => seen !== 'well')).toBe(true);
    },
  );
});

describe('a form', () => {
  test.each(forms.map(({ form }) => [form.name, form] as const))(
    '%s keeps what the post is',
    (_name, form) => {
      const canonical = article({ recordings: [kneading] });
      const activity = sent(canonical, form);
      const object = objectOf(activity);
      for (const member of [
        'id',
        'attributedTo',
        'url',
        'published',
        'updated',
        'to',
        'cc',
        'tag',
        'context',
        'replies',
      ])
        expect(object[member]).toEqual(canonical[member]);
      expect(activity).toMatchObject({ id: `${origin}/ap/activities/1`, type: 'Create', actor });
      const { content, contentMap } = object;
      expect(contentMap).toEqual({ en: content });
      expect(Buffer.byteLength(JSON.stringify(activity))).toBeLessThan(65_536);
    },
  );

  test('for an Update is the same as for the Create', () => {
    const form = formFor({ host: 'm.example', software: 'Misskey 2026.3.1' });
    expect(objectOf(sent(article(), form, updateOf))).toEqual(objectOf(sent(article(), form)));
  });

  test.each(['Misskey 2026.3', 'misskey', 'Sharkey 2025.4.3'])('is found for %s', (software) => {
    expect(formFor({ host: 'any.example', software })?.name).toBe('misskey');
  });

  test.each([null, '', 'unknown', 'mastodon 4.7.2', 'constructor'])(
    'is the canonical one for %s',
    (software) => {
      expect(formFor({ host: 'any.example', software })).toBeNull();
    },
  );

  test('leaves alone what is no Article of a post', () => {
    const form = formFor({ host: 'm.example', software: 'misskey' });
    const body = JSON.stringify(
      createOf({ id: 'https://a.example/1', actor }, note({ contentWarning: 'x' })),
    );
    expect(inForm(body, form)).toBe(body);
    const quoting = JSON.stringify({ type: 'Like', object: { type: 'Article', content: 'x' } });
    expect(inForm(quoting, form)).toBe(quoting);
  });

  test('keeps a warning that the writer asked for', () => {
    const form = formFor({ host: 'p.example', software: 'akkoma' });
    expect(objectOf(sent(article({ contentWarning: 'crumbs' }), form))).toMatchObject({
      summary: 'crumbs',
      sensitive: true,
    });
  });

  test('as a Note has title, beginning, link and pictures, and nothing else to play', () => {
    const form = formFor({ host: 'www.threads.net', software: null });
    const object = objectOf(sent(article({ post: title, recordings: [kneading] }), form));
    expect(object).toMatchObject({
      type: 'Note',
      content: `<p><strong>Bread</strong></p><p>Some bread.</p><p><a href="${origin}/bread">${origin}/bread</a></p>`,
      attachment: [{ type: 'Image', url: loaf.url }],
    });
    for (const member of ['name', 'summary', 'source', 'preview', 'image'])
      expect(object).not.toHaveProperty(member);
  });

  test('for Misskey has the title above the text, and of a long text the beginning', () => {
    const form = formFor({ host: 'm.example', software: 'misskey' });
    const short = objectOf(sent(article({ post: title }), form));
    expect(short.content).toBe('<p><strong>Bread</strong></p><p>Some <strong>bread</strong>.</p>');
    const long = objectOf(sent(posts['a long article with a picture'] ?? {}, form));
    expect(long.content).toMatch(/^<p><strong>Bread<\/strong><\/p><p>Some bread\.<\/p><p><a /);
    expect(long).not.toHaveProperty('source');
  });

  test('for Misskey counts addresses, which are kept in the text there', () => {
    const form = formFor({ host: 'm.example', software: 'misskey' });
    const link = `<p><a href="https://far.example/${'x'.repeat(180)}">x</a></p>`;
    const { content } = objectOf(sent(article({ post: title, html: link.repeat(50) }), form));
    expect(content).not.toContain('far.example');
  });
});
