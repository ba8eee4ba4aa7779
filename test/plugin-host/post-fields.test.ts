import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownerLogin, startTestBlog, type TestBlog } from '../../src/plugin-host/testing.ts';
import { runOutpost } from '../support/command-line.ts';
import { type Client, createClient, signIn } from '../support/create-test-app.ts';
import { until } from '../support/until.ts';
import { writeGuestBook } from './guest-book.ts';

let blog: TestBlog;
let visitor: Client;
let admin: Client;

beforeAll(async () => {
  const parent = mkdtempSync(path.join(os.tmpdir(), 'outpost-plugin-'));
  blog = await startTestBlog({ plugins: [], pluginFolders: [writeGuestBook(parent)] });
  rmSync(parent, { recursive: true });
  visitor = createClient(blog.url);
  admin = await signIn(blog.url, ownerLogin);
});
afterAll(() => blog.close());

const fieldsOf = async (id: string) => JSON.parse(await visitor.page(`/guests/${id}/table`));
const names = async (): Promise<string[]> => JSON.parse(await visitor.page('/guests'));
const outpost = (...words: string[]) =>
  runOutpost(words, { env: { OUTPOST_DATA: blog.dataFolder, PORT: new URL(blog.url).port } });
const sent = (change: Record<string, string> = {}) => ({
  'fields.guest-book': '1',
  'fields.guest-book.mood': 'loud',
  'fields.guest-book.seats': '7',
  'fields.guest-book.menu': 'Soup\r\nBread',
  ...change,
});
const defaults = { mood: 'calm', seats: 4, menu: '', isOpen: true, hosts: [] };

/** Writes a post in the editor; gives its id. */
async function write(title: string, more: Record<string, string> = sent()): Promise<string> {
  const answer = await admin.post('/admin/posts', { title, bodyMarkdown: 'Text', ...more });
  return (answer.headers.get('location') ?? '').split('/').at(-1) ?? '';
}

test('a plugin’s questions stand beside the text, with their defaults and their own words', async () => {
  const html = await admin.page('/admin/posts/new');
  expect(html).toContain('<legend>Guest book</legend>');
  expect(html).toMatch(/<label for="field-fields-guest-book-mood">Mood of the day/);
  expect(html).toContain('<option value="loud">Very loud</option>');
  expect(html).toContain('name="fields.guest-book.isOpen" value="on" checked');
});

test('what is chosen is saved with the post, in the types of the schema, and shown again', async () => {
  const id = await write('Chosen');
  const kept = { mood: 'loud', seats: 7, menu: 'Soup\nBread', isOpen: false };
  expect(await fieldsOf(id)).toEqual({ ...kept, hosts: [] });
  const html = await admin.page(`/admin/posts/${id}`);
  expect(html).toContain('<option value="loud" selected>');
  expect(html).toContain('Soup\nBread</textarea>');
  expect(JSON.parse((await outpost('post', 'show', id, '--json')).stdout).fields).toEqual({
    'guest-book': kept,
  });
});

test('a post without answers has the defaults, and lists tell nothing of them', async () => {
  const id = await write('Unasked', {});
  expect(await fieldsOf(id)).toEqual(defaults);
  expect(JSON.parse((await outpost('post', 'show', id, '--json')).stdout)).not.toHaveProperty('fields');
  const list = JSON.parse((await outpost('post', 'list', '--json')).stdout);
  expect(list.some((post: object) => 'fields' in post)).toBe(false);
});

test('what the schema refuses is not saved, the field is named, and everything typed is still there', async () => {
  const id = await write('Refused');
  const version = /name="version" value="(\d+)"/.exec(await admin.page(`/admin/posts/${id}`))?.[1] ?? '';
  const answer = await admin.post(`/admin/posts/${id}`, {
    title: 'Refused, changed',
    bodyMarkdown: 'Text',
    version,
    ...sent({ 'fields.guest-book.seats': '21', 'fields.guest-book.menu': 'Cake' }),
  });
  const html = await answer.text();
  expect(answer.status).toBe(422);
  expect(html).toContain('<li>There are twenty seats.</li>');
  expect(html).toContain('id="field-fields-guest-book-seats-error">There are twenty seats.');
  expect(html).toContain('name="fields.guest-book.seats" value="21"');
  expect(html).toContain('Open the details');
  expect(html).toContain('Cake</textarea>');
  expect(html).toContain('Refused, changed</textarea>');
  expect((await fieldsOf(id)).seats).toBe(7);
});

test('saving by itself keeps the text also while an answer is wrong, and says so', async () => {
  const id = await write('By itself');
  const version = /name="version" value="(\d+)"/.exec(await admin.page(`/admin/posts/${id}`))?.[1] ?? '';
  const wrong = await admin.post(`/admin/posts/${id}/autosave`, {
    title: 'By itself',
    bodyMarkdown: 'More text',
    version,
    ...sent({ 'fields.guest-book.seats': '99' }),
  });
  const said = await wrong.json();
  expect(said.savedText).toContain('guest-book.seats: There are twenty seats.');
  expect((await fieldsOf(id)).seats).toBe(7);
  expect(await admin.page(`/admin/posts/${id}`)).toContain('More text</textarea>');
  await admin.post(`/admin/posts/${id}/autosave`, {
    title: 'By itself',
    bodyMarkdown: 'More text',
    version: String(said.version),
    ...sent({ 'fields.guest-book.seats': '9' }),
  });
  expect((await fieldsOf(id)).seats).toBe(9);
});

test('a change of an answer about a public post is told as a change of the post', async () => {
  const post = await blog.publish({ title: 'Told', bodyMarkdown: 'Text' });
  const ran = await outpost('post', 'update', post.id, '--field', 'guest-book.mood=loud', '--json');
  expect([ran.code, ran.stderr]).toEqual([0, '']);
  await until('it has heard', async () => (await names()).includes('loud update'));
});

test('the command line sets answers of every kind, and leaves the others as they are', async () => {
  const given = ['mood=loud', 'seats=12', 'isOpen=no', 'hosts=Anna\nBob'];
  const words = given.flatMap((word) => ['--field', `guest-book.${word}`]);
  const ran = await outpost(
    'post',
    'create',
    '--author',
    'alice',
    '--title',
    'Set',
    '--file',
    '/dev/null',
    ...words,
    '--json',
  );
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  const { id, fields } = JSON.parse(ran.stdout);
  expect(fields['guest-book']).toEqual({ mood: 'loud', seats: 12, isOpen: false, hosts: ['Anna', 'Bob'] });
  expect(await outpost('post', 'update', id, '--field', 'guest-book.seats=3')).toMatchObject({ code: 0 });
  expect(await fieldsOf(id)).toEqual({
    mood: 'loud',
    seats: 3,
    menu: '',
    isOpen: false,
    hosts: ['Anna', 'Bob'],
  });
});

test.each([
  ['an unknown plugin', 'nobody.mood=calm', 2, 'There is no plugin nobody.'],
  [
    'an unknown field',
    'guest-book.wine=red',
    2,
    'The plugin guest-book has no field wine; it has mood, seats, menu, isOpen, hosts.',
  ],
  ['what is no field', 'guest-book', 2, '--field guest-book cannot be read; give PLUGIN.NAME=VALUE.'],
  ['a value that is refused', 'guest-book.seats=21', 1, 'guest-book.seats: There are twenty seats.'],
])('the command line refuses %s in one sentence, and writes nothing', async (_, word, code, sentence) => {
  const ran = await outpost(
    'post',
    'create',
    '--author',
    'alice',
    '--title',
    'Never',
    '--file',
    '/dev/null',
    '--field',
    word,
  );
  expect(ran).toEqual({ code, stdout: '', stderr: `${sentence}\n` });
  expect(await admin.page('/admin/posts?q=Never')).toContain('Nothing found');
});

test('answers outlive the plugin’s being off, and go with the post', async () => {
  const id = await write('Outlives');
  await blog.app.plugins.disable('guest-book');
  const html = await admin.page(`/admin/posts/${id}`);
  expect(html).not.toContain('fields.guest-book');
  const version = /name="version" value="(\d+)"/.exec(html)?.[1] ?? '';
  await admin.post(`/admin/posts/${id}`, { title: 'Outlives', bodyMarkdown: 'Changed', version });
  const off = await outpost('post', 'update', id, '--field', 'guest-book.seats=3');
  expect(off).toMatchObject({ code: 1, stderr: expect.stringContaining('is switched off') });
  await blog.app.plugins.enable('guest-book');
  expect((await fieldsOf(id)).seats).toBe(7);
  await admin.post(`/admin/posts/${id}/trash`, {});
  await admin.post(`/admin/posts/${id}/delete`, {});
  expect(await fieldsOf(id)).toEqual(defaults);
});
