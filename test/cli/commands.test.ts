import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommandSession, openCommandLine, runOutpost } from '../support/command-line.ts';
import { openTestCore } from '../support/databases.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'outpost-cli-'));
const dataFolder = path.join(folder, 'data');
const origin = 'https://blog.example';
const env = { OUTPOST_DATA: dataFolder, OUTPOST_URL: origin };

const run = (words: readonly string[], input = '') => runOutpost(words, { env, input });

let session: CommandSession;

/** What a command prints with --json; it must say nothing on stderr. */
async function json(...words: string[]) {
  const { code, stdout, stderr } = await session.run([...words, '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

const id = expect.stringMatching(/^[\w-]{10,}$/);
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const user = (username: string, role: string) => ({
  id,
  username,
  name: expect.any(String),
  email: `${username}@mail.example`,
  role,
  url: `${origin}/author/${username}`,
  createdAt: time,
});
const post = (change: object) => ({
  id,
  type: 'post',
  status: 'draft',
  slug: expect.any(String),
  url: expect.stringContaining(`${origin}/`),
  title: expect.any(String),
  excerpt: expect.any(String),
  author: 'marit',
  tags: [],
  categories: [],
  createdAt: time,
  publishedAt: null,
  updatedAt: time,
  ...change,
});

const setup = [
  'setup',
  '--title',
  'My blog',
  '--username',
  'marit',
  '--email',
  'marit@mail.example',
  '--password',
  'long enough',
  '--name',
  'Marit',
];

beforeAll(async () => {
  session = openCommandLine({ env });
  const before = await run(['post', 'list', '--json']);
  expect(before).toEqual({
    code: 1,
    stdout: '',
    stderr: 'The blog is not set up yet. Run outpost setup, or open the set-up link from the log.\n',
  });
  expect(await json(...setup)).toEqual({
    site: { title: 'My blog', tagline: '', language: 'en', timeZone: 'UTC', url: `${origin}/` },
    user: { ...user('marit', 'admin'), name: 'Marit' },
  });
});
afterAll(() => {
  session.end();
  rmSync(folder, { recursive: true, force: true });
});

test('a blog is set up once', async () => {
  expect(await session.run([...setup, '--json'])).toEqual({
    code: 1,
    stdout: '',
    stderr: 'The blog is set up already. Sign in instead.\n',
  });
});

test('accounts are made, listed, given a password and removed', async () => {
  const words = ['--email', 'otto@mail.example', '--password', 'long enough', '--role', 'author'];
  expect(await json('user', 'create', '--username', 'otto', ...words)).toEqual(user('otto', 'author'));
  expect(await json('user', 'list')).toEqual([user('otto', 'author'), user('marit', 'admin')]);
  expect(await json('user', 'password', 'otto', '--password', 'another one')).toEqual(user('otto', 'author'));
  expect((await session.run(['user', 'create', '--username', 'Otto', ...words])).stderr).toBe(
    'The username Otto is taken. Choose another.\n',
  );
  expect(await json('user', 'delete', 'otto', '--reassign', 'marit')).toEqual(user('otto', 'author'));
  expect(await json('user', 'list')).toHaveLength(1);
});

test('a post is written from a file, with all that it can have', async () => {
  const text = path.join(folder, 'text.md');
  const image = path.join(folder, 'lead.png');
  writeFileSync(text, 'A *text* from a file.');
  await sharp({ create: { width: 640, height: 480, channels: 3, background: 'teal' } }).toFile(image);
  const words = [
    '--excerpt',
    'A summary',
    '--tag',
    'One',
    '--tag',
    'Öl',
    '--category',
    'Walks',
    '--slug',
    'the-slug',
  ];
  const made = await json(
    'post',
    'create',
    '--author',
    'marit',
    '--title',
    'From a file',
    '--file',
    text,
    '--image',
    image,
    ...words,
    '--publish',
  );

  expect(made).toEqual(
    post({
      status: 'published',
      slug: 'the-slug',
      url: `${origin}/the-slug`,
      title: 'From a file',
      excerpt: 'A summary',
      tags: [
        { name: 'One', slug: 'one' },
        { name: 'Öl', slug: 'oel' },
      ],
      categories: [{ name: 'Walks', slug: 'walks' }],
      publishedAt: time,
    }),
  );
  expect(await json('post', 'show', made.id)).toEqual(made);
});

test('a post’s text may come from standard input, and its title may be empty', async () => {
  const { stdout } = await run(
    ['post', 'create', '--author', 'marit', '--title', '', '--json'],
    'Only *a few* words.',
  );
  expect(JSON.parse(stdout)).toEqual(post({ title: '', excerpt: 'Only a few words.' }));
});

test('a post goes through all its states', async () => {
  const made = JSON.parse(
    (await run(['post', 'create', '--author', 'marit', '--title', 'States', '--json'], 'Text')).stdout,
  );
  const states: [string, object][] = [
    ['publish', { status: 'published', publishedAt: time }],
    ['unpublish', { status: 'draft', publishedAt: time }],
    ['trash', { status: 'trash', publishedAt: time }],
    ['restore', { status: 'draft', publishedAt: time }],
  ];
  for (const [word, change] of states)
    expect(await json('post', word, made.id)).toEqual(post({ id: made.id, title: 'States', ...change }));
  expect(await json('post', 'update', made.id, '--title', 'Changed', '--quiet')).toEqual(
    post({ id: made.id, title: 'Changed', publishedAt: time }),
  );
  expect(await json('post', 'delete', made.id)).toMatchObject({ id: made.id });
  expect(await session.run(['post', 'show', made.id])).toEqual({
    code: 1,
    stdout: '',
    stderr: `There is no post ${made.id}.\n`,
  });
});

test('a post is planned for a moment', async () => {
  const at = '2040-01-31T09:00:00.000Z';
  const { stdout } = await run(
    ['post', 'create', '--author', 'marit', '--title', 'Planned', '--schedule', at, '--json'],
    'Text',
  );
  expect(JSON.parse(stdout)).toEqual(post({ title: 'Planned', status: 'scheduled', scheduledAt: at }));
});

test('lists are newest first, narrowed, and go on where the page before ended', async () => {
  for (const title of ['List 1', 'List 2', 'List 3'])
    await run(['page', 'create', '--author', 'marit', '--title', title], 'Text');
  const first = await json('page', 'list', '--limit', '2');
  expect(first).toEqual([post({ type: 'page', title: 'List 3' }), post({ type: 'page', title: 'List 2' })]);
  expect(await json('page', 'list', '--after', first[1].id)).toEqual([
    post({ type: 'page', title: 'List 1' }),
  ]);
  expect(await json('page', 'list', '--status', 'published')).toEqual([]);
  expect(
    (await json('post', 'list', '--author', 'marit')).every(({ type }: { type: string }) => type === 'post'),
  ).toBe(true);
  expect((await session.run(['post', 'show', first[0].id])).code).toBe(1);
});

test('pictures are added with their words, listed and removed', async () => {
  const file = path.join(folder, 'picture.png');
  await sharp({ create: { width: 32, height: 16, channels: 3, background: 'red' } }).toFile(file);
  const medium = {
    id,
    url: expect.stringMatching(/^https:\/\/blog\.example\/media\/\d{4}\/\d\d\/[\w-]+\.\w+$/),
    mimeType: expect.stringMatching(/^image\//),
    width: 32,
    height: 16,
    alt: 'Red',
    size: expect.any(Number),
  };
  const made = await json('media', 'add', file, '--alt', 'Red');
  expect(made).toEqual(medium);
  expect(await json('media', 'list', '--limit', '1')).toEqual([made]);
  expect(await json('media', 'delete', made.id)).toEqual(made);
});

describe('comments', () => {
  const comment = (change: object) => ({
    id,
    postId: id,
    parentId: null,
    status: 'approved',
    source: 'web',
    author: { name: 'Marit', url: null, handle: null, avatarUrl: null },
    html: expect.stringContaining('<p>'),
    text: expect.any(String),
    createdAt: time,
    updatedAt: time,
    url: expect.stringMatching(/^https:\/\/blog\.example\/.+#comment-/),
    ...change,
  });

  test('are listed, moderated, several at a time, and answered', async () => {
    const { id: postId } = JSON.parse(
      (await run(['post', 'create', '--author', 'marit', '--title', 'Talk', '--publish', '--json'], 'Text'))
        .stdout,
    );
    const first = await addComment(postId, 'One');
    const second = await addComment(postId, 'Two');
    expect(await json('comment', 'list', '--post', postId)).toEqual([
      comment({
        id: second,
        status: 'pending',
        author: expect.objectContaining({ name: 'Reader' }),
        text: 'Two',
      }),
      comment({
        id: first,
        status: 'pending',
        author: expect.objectContaining({ name: 'Reader' }),
        text: 'One',
      }),
    ]);

    const answer = await json('comment', 'reply', second, '--author', 'marit', '--text', 'Thank *you*');
    expect(answer).toEqual(comment({ parentId: second, text: 'Thank you' }));
    expect(
      (await json('comment', 'approve', first, second)).map(({ status }: { status: string }) => status),
    ).toEqual(['approved', 'approved']);
    for (const [word, status] of [
      ['hold', 'pending'],
      ['spam', 'spam'],
      ['restore', 'pending'],
      ['trash', 'trash'],
    ] as const)
      expect((await json('comment', word, first))[0].status).toBe(status);
    expect((await json('comment', 'list')).map((one: { id: string }) => one.id)).toEqual([answer.id, second]);
    expect((await json('comment', 'list', '--status', 'trash')).map((one: { id: string }) => one.id)).toEqual(
      [first],
    );
    await json('comment', 'delete', first);
    expect(await session.run(['comment', 'approve', first])).toEqual({
      code: 1,
      stdout: '',
      stderr: `There is no comment ${first}.\n`,
    });
  });

  async function addComment(postId: string, text: string): Promise<string> {
    const { readConfig } = await import('../../src/config.ts');
    const { createCore } = await import('../../src/core.ts');
    const { submitComment } = await import('../../src/comments/submit-comment.ts');
    const core = await createCore(readConfig({ ...env, LOG_LEVEL: 'silent' }));
    const form = {
      postId,
      parentId: null,
      name: 'Reader',
      email: '',
      url: '',
      text,
      honeypot: '',
      formAgeMs: 9000,
    };
    const { id: made } = await submitComment(core.deps, form);
    await core.close();
    return made;
  }
});

test('settings are read and changed, one or all', async () => {
  expect(await json('settings', 'get', 'title')).toEqual({ title: 'My blog' });
  expect(await json('settings', 'set', 'commentsOpen', 'false')).toEqual({ commentsOpen: false });
  expect(await json('settings', 'set', 'postsPerPage', '5')).toEqual({ postsPerPage: 5 });
  expect(await json('settings', 'get')).toMatchObject({
    title: 'My blog',
    commentsOpen: false,
    postsPerPage: 5,
  });
  expect((await session.run(['settings', 'set', 'postsPerPage', '0'])).stderr).toBe('At least one.\n');
  expect((await session.run(['settings', 'get', 'colour'])).code).toBe(1);
});

test('plugins are listed, switched, begun, installed and removed', async () => {
  const plugin = (name: string, change: object = {}) => ({
    name,
    version: expect.any(String),
    title: expect.any(String),
    status: 'enabled',
    source: 'bundled',
    error: null,
    ...change,
  });
  expect(await json('plugin', 'list')).toEqual(
    expect.arrayContaining([plugin('feeds'), plugin('federation'), plugin('hello', { status: 'disabled' })]),
  );
  expect(await json('plugin', 'enable', 'hello')).toEqual(plugin('hello'));
  expect(await json('plugin', 'disable', 'hello')).toEqual(plugin('hello', { status: 'disabled' }));
  const mine = plugin('mine', { status: 'disabled', source: 'installed' });
  expect(await json('plugin', 'new', 'mine')).toEqual(mine);
  expect((await session.run(['plugin', 'new', 'mine'])).code).toBe(1);
  const elsewhere = path.join(folder, 'elsewhere', 'theirs');
  const { cpSync, readFileSync } = await import('node:fs');
  cpSync(path.join(dataFolder, 'plugins', 'mine'), elsewhere, { recursive: true });
  const file = path.join(elsewhere, 'plugin.ts');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('mine', 'theirs'));
  expect(await json('plugin', 'install', elsewhere)).toEqual(
    plugin('theirs', { status: 'disabled', source: 'installed' }),
  );
  expect(await json('plugin', 'remove', 'theirs')).toEqual(
    plugin('theirs', { status: 'removed', source: 'installed' }),
  );
  expect((await json('plugin', 'list')).map(({ name }: { name: string }) => name)).not.toContain('theirs');
  expect((await session.run(['plugin', 'remove', 'hello'])).stderr).toBe(
    'hello comes with Outpost; disable it instead.\n',
  );
  expect((await session.run(['plugin', 'enable', 'nothing'])).stderr).toBe('There is no plugin nothing.\n');
});

test('a backup holds everything, and putting it back moves aside what was there', async () => {
  const file = path.join(folder, 'blog.tar.gz');
  const counts = {
    posts: expect.any(Number),
    comments: expect.any(Number),
    users: 1,
    media: expect.any(Number),
  };
  expect(await json('backup', file)).toEqual({ file, bytes: expect.any(Number), ...counts });
  expect((await session.run(['backup', file])).stderr).toBe(
    `${file} is there already. Choose another name.\n`,
  );
  const posts = await json('post', 'list');
  for (const { id: gone } of posts) await json('post', 'delete', gone);
  const restored = await json('restore', file);

  expect(restored).toMatchObject({
    file,
    posts: posts.length,
    origin,
    before: expect.stringContaining('.before-'),
  });
  expect(await json('post', 'list')).toEqual(posts);
  for (const name of ['', 'outpost.sqlite', 'secret.key', 'media']) {
    expect(statSync(path.join(dataFolder, name)).mode & 0o077).toBe(0);
  }
  expect((await session.run(['restore', path.join(folder, 'text.md')])).code).toBe(1);
  expect((await session.run(['restore', path.join(folder, 'nothing')])).stderr).toBe(
    `There is no file ${path.join(folder, 'nothing')}.\n`,
  );
});

test('who asks for help is told of the plugins’ commands too', async () => {
  expect((await run(['help'])).stdout).toMatch(/^ {2}federation /m);
});

test('a list that is too wide for a table is printed whole, thing by thing', async () => {
  const title =
    'A title that goes on and on until no table could ever hold it, with its last word: Rumpelstiltskin';
  const { id: made } = await json(
    'post',
    'create',
    '--author',
    'marit',
    '--title',
    title,
    '--file',
    path.join(folder, 'text.md'),
  );
  const { stdout } = await session.run(['post', 'list']);
  expect(stdout).toContain(`title        ${title}\n`);
  expect(stdout).toContain(`id           ${made}\n`);
});

test('who sets a blog up is told where to sign in, and what comes next', async () => {
  const other = { ...env, OUTPOST_DATA: path.join(folder, 'other') };
  const { code, stdout } = await runOutpost(setup, { env: other });
  expect(code).toBe(0);
  expect(stdout).toContain(`Sign in at ${origin}/login.`);
  expect(stdout).toContain('the draft that waits under Posts');
  expect(stdout).not.toContain('{');
});

test('what is printed for people holds no JSON', async () => {
  const { stdout } = await session.run(['federation', 'deliveries', '--summary']);
  expect(stdout).toMatch(/^ {2}queued +\d+$/m);
  expect(stdout).not.toMatch(/[{}"]/);
});

test('the doctor gives people one line for each check, and one more for what to do', async () => {
  const { stdout } = await run(['doctor']);
  expect(stdout).toMatch(/^ok +database +The SQLite file is whole\.$/m);
  expect(stdout).not.toContain('federation-');
});

test('the doctor tells what it has looked at', async () => {
  const { code, stdout } = await run(['doctor', '--json']);
  const checks = JSON.parse(stdout);
  expect(checks.filter(({ status }: { status: string }) => status === 'error')).toEqual([]);
  expect(code).toBe(0);
  for (const check of checks)
    expect(check).toEqual({
      check: expect.any(String),
      status: expect.stringMatching(/^(ok|warning)$/),
      detail: expect.any(String),
      remedy: check.status === 'ok' ? null : expect.any(String),
    });
  expect(checks.map(({ check }: { check: string }) => check)).toEqual(
    expect.arrayContaining(['set-up', 'database', 'data folder', 'address', 'queue']),
  );
});

test('the doctor says why work was given up, and has it tried again where asked', async () => {
  const { db, core } = await openTestCore(env);
  await core.deps.jobs.add(db, { kind: 'work', payload: null });
  const given = { state: 'dead', last_error: 'The moon was full.' };
  await db.updateTable('jobs').set(given).where('kind', '=', 'work').execute();
  const queue = async (...words: string[]) => {
    const checks: { check: string }[] = JSON.parse((await run(['doctor', ...words, '--json'])).stdout);
    return checks.find(({ check }) => check === 'queue');
  };
  expect(await queue()).toMatchObject({
    status: 'warning',
    detail: expect.stringContaining('The moon was full.'),
    remedy: expect.stringContaining('doctor --fix'),
  });
  expect(await queue('--fix')).toMatchObject({ status: 'ok' });
  await db.deleteFrom('jobs').where('kind', '=', 'work').execute();
});

const account = 'user create --username u --email u@mail.example';
/** What is said of each, with the code 2. */
const wrongUsage: Readonly<Record<string, string>> = {
  'unheard-of': "Unknown command 'unheard-of'.",
  'post unheard-of': "Unknown command 'unheard-of'.",
  post: 'Say what is to be done; --help lists the commands.',
  'post create': "Required option '--author <username>' not specified.",
  'post show': "Missing required argument 'id'.",
  'post list --colour red': "Unknown option '--colour'.",
  'post list --limit many': '--limit many cannot be used: give a number from 1 to 10000.',
  'post list --limit 10001': '--limit 10001 cannot be used: give a number from 1 to 10000.',
  'post list --status lost':
    'There is no status lost; give one of draft, review, scheduled, published, private, trash.',
  'comment list --status lost': 'There is no status lost; give one of pending, approved, spam, trash.',
  'post create --author marit --schedule soon':
    '--schedule soon is no time; give one such as 2030-01-31T09:00:00Z.',
  [`${account} --password long-enough --role king`]:
    'There is no role king; give one of admin, editor, author, contributor, subscriber.',
};
/** What is said of each, with the code 1. */
const impossible: Readonly<Record<string, string | RegExp>> = {
  'post show nothing': 'There is no post nothing.',
  'post create --author nobody --title x': 'There is no user nobody.',
  'post create --author marit --file /nowhere/text.md': /^\/nowhere\/text\.md cannot be read: [^\n]+$/,
  'post create --author marit --title x --file /dev/null --schedule 2020-01-01T00:00:00Z':
    /^2020-01-01T00:00:00\.000Z is over\. [^\n]+$/,
  'media add /nowhere/a.png --alt x': /^\/nowhere\/a\.png cannot be read: [^\n]+$/,
  [`${account} --password short --role author`]: 'The password needs at least 8 characters.',
};

test('what is wrong is told in one sentence; wrong usage ends with 2, what cannot be done with 1', async () => {
  const expected = [
    ...Object.entries(wrongUsage).map(([words, sentence]) => ({ words, code: 2, sentence })),
    ...Object.entries(impossible).map(([words, sentence]) => ({ words, code: 1, sentence })),
  ];
  const commands = expected.map(({ words }) => [...words.split(' '), '--json']);
  const results = await Promise.all(commands.map((words) => session.run(words)));

  expect(
    results.map((ran, index) => ({ words: expected[index]?.words, ...ran, stderr: ran.stderr.trimEnd() })),
  ).toEqual(
    expected.map(({ words, code, sentence }) => ({
      words,
      code,
      stdout: '',
      stderr: typeof sentence === 'string' ? sentence : expect.stringMatching(sentence),
    })),
  );
});

test('help and version are no errors, and the words for people are no JSON', async () => {
  expect(await run(['--version'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
  expect(await run(['post', '--help'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('create'),
    stderr: '',
  });
  const { stdout } = await session.run(['user', 'list']);
  expect(stdout).toMatch(/^username +marit$/m);
  expect(stdout).toContain('marit@mail.example');
});

test('a setting that cannot be used stops a command as well', async () => {
  expect(await runOutpost(['post', 'list'], { env: { ...env, PORT: 'eighty' } })).toEqual({
    code: 1,
    stdout: '',
    stderr: 'PORT=eighty cannot be used: give a number from 1 to 65535.\n',
  });
});

test('a command starts in well under half a second', async () => {
  // The processor's time: a busy machine changes how long a start takes, but hardly what it takes.
  const script = `
    import { enableCompileCache } from 'node:module';
    enableCompileCache(${JSON.stringify(path.join(root, 'node_modules/.cache/outpost'))});
    const { runCommandLine } = await import(${JSON.stringify(pathToFileURL(path.join(root, 'src/cli.ts')).href)});
    const write = process.stdout.write.bind(process.stdout);
    process.stdout.write = () => true;
    await runCommandLine(['node', 'outpost', 'post', 'list', '--json']);
    const { user, system } = process.cpuUsage();
    write(String((user + system) / 1000));`;
  const took: number[] = [];
  for (let times = 0; times < 4; times += 1) {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      env: { PATH: process.env.PATH, ...env },
    });
    took.push(Number(stdout));
  }
  expect(Math.min(...took)).toBeGreaterThan(0);
  expect(Math.min(...took)).toBeLessThan(500);
});
