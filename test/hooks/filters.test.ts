import { expect, test } from 'vitest';
import { trustStoredHtml } from '../../src/content/safe-html.ts';
import { filterValues } from '../../src/hooks/filter-values.ts';
import { createHooks } from '../../src/hooks/hooks.ts';
import { hookCatalogue } from '../../src/hooks/types.ts';
import { openTestCore } from '../support/databases.ts';
import { recordingLog } from '../support/recording-log.ts';

const post = { postId: 'a', place: 'page' as const };
const text = trustStoredHtml('<p>Text</p>');
const item = { title: 'Title', html: '<p>Text</p>', categories: ['one'] };

async function openFilters({ trace = false } = {}) {
  const { db, jobs } = await openTestCore();
  const { log, lines } = recordingLog();
  const hooks = createHooks({ db, jobs, log, trace });
  const failures: string[] = [];
  hooks.onFailure((plugin, where, error) => {
    failures.push(`${plugin} ${where}: ${error instanceof Error ? error.message : String(error)}`);
  });
  const filter = (
    plugin: string,
    name: string,
    listener: (value: never, context: never, signal: AbortSignal) => unknown,
  ) => hooks.subscribe(plugin, { actions: {}, filters: { [name]: listener as never } });
  return { hooks, filter, failures, lines };
}

test('each listener gets what the one before it gave', async () => {
  const { hooks, filter, failures } = await openFilters();
  filter('one', 'feed.item', (value: typeof item) => ({ ...value, title: `${value.title} 1` }));
  filter('two', 'feed.item', async (value: typeof item) => ({ ...value, title: `${value.title} 2` }));

  expect((await hooks.filters.apply('feed.item', item, post)).title).toBe('Title 1 2');
  expect(failures).toEqual([]);
});

test('without listeners the value comes back itself', async () => {
  const { hooks } = await openFilters();
  expect(await hooks.filters.apply('feed.item', item, post)).toBe(item);
  expect(hooks.filters.has('feed.item')).toBe(false);
});

test('a listener that returns nothing is named, and the value stays', async () => {
  const { hooks, filter, failures } = await openFilters();
  filter('forgetful', 'post.html', () => undefined);

  expect(await hooks.filters.apply('post.html', text, post)).toBe(text);
  expect(failures).toEqual([
    'forgetful post.html: the filter post.html of forgetful returned nothing; return the value, changed or not',
  ]);
});

test.each([
  [
    'throws',
    () => {
      throw new Error('no');
    },
  ],
  [
    'throws null',
    () => {
      throw null;
    },
  ],
  ['rejects', () => Promise.reject(new Error('no'))],
  ['rejects with nothing', () => Promise.reject(undefined)],
])('a listener that %s is left out, and the next gets the value of before', async (_, listener) => {
  const { hooks, filter, failures } = await openFilters();
  filter('broken', 'feed.item', listener);
  filter('fine', 'feed.item', (value: typeof item) => ({ ...value, title: 'Fine' }));

  expect(await hooks.filters.apply('feed.item', item, post)).toEqual({ ...item, title: 'Fine' });
  expect(failures).toHaveLength(1);
});

test('a listener that hangs is left out after its deadline, and told by its signal', async () => {
  const { hooks, filter, failures } = await openFilters();
  const signals: AbortSignal[] = [];
  filter('slow', 'feed.item', (_value, _context, signal) => {
    signals.push(signal);
    return new Promise(() => undefined);
  });

  expect(await hooks.filters.apply('feed.item', item, post)).toBe(item);
  expect(failures).toEqual(['slow feed.item: no answer within 2000 ms']);
  expect(signals[0]?.aborted).toBe(true);
});

test.each([
  ['post.html', text, '<p>a string is not SafeHtml</p>'],
  ['post.html', text, null],
  ['page.slot', [], ['<p>a string</p>']],
  ['page.slot', [], text],
  ['page.head', [], [{ tag: 'link' }]],
  ['page.headers', {}, { Link: 'two\r\nlines' }],
  ['page.headers', {}, { 'a name': 'x' }],
  ['author.addresses', [], [{ label: 'x' }]],
  ['comment.decision', { status: 'pending', note: null }, { status: 'deleted', note: null }],
  ['feed.item', item, { ...item, categories: 'one' }],
] as const)('what a listener of %s gives must be of its kind', async (name, value, wrong) => {
  const { hooks, filter, failures } = await openFilters();
  filter('careless', name, () => wrong);

  expect(await hooks.filters.apply(name, value as never, {} as never)).toBe(value);
  expect(failures).toEqual([
    expect.stringMatching(`^careless ${name}: the filter ${name} of careless returned what cannot be used`),
  ]);
});

test('a hook that does not exist is refused, and so is an action that is listened to as a filter', async () => {
  const { hooks, filter } = await openFilters();
  expect(() => filter('one', 'post.htlm', () => text)).toThrow(
    /^The plugin one names the filter post\.htlm, which does not exist\. There are: post\.html,/,
  );
  expect(() => filter('one', 'post.published', () => text)).toThrow('which does not exist');
  expect(hooks.filters.has('post.html')).toBe(false);
});

test('a plugin’s own filter is known once it is declared', async () => {
  const { hooks, filter } = await openFilters();
  hooks.declare('shop.price', { kind: 'filter', about: 'What something costs.' });
  filter('sale', 'shop.price', (price: number) => price / 2);

  expect(await hooks.filters.apply('shop.price' as never, 10 as never, {} as never)).toBe(5);
});

test('with tracing each call is logged with its plugin, its time and whether it changed the value', async () => {
  const { hooks, filter, lines } = await openFilters({ trace: true });
  filter('one', 'feed.item', (value: typeof item) => value);
  filter('two', 'feed.item', (value: typeof item) => ({ ...value, title: 'Two' }));
  await hooks.filters.apply('feed.item', item, post);

  expect(lines.filter(({ msg }) => msg === 'hook')).toEqual([
    expect.objectContaining({ hook: 'feed.item', plugin: 'one', ms: expect.any(Number), changed: false }),
    expect.objectContaining({ hook: 'feed.item', plugin: 'two', ms: expect.any(Number), changed: true }),
  ]);
});

test('every filter of the core says what its value must be', () => {
  const filters = Object.entries(hookCatalogue).flatMap(([name, { kind }]) =>
    kind === 'filter' ? [name] : [],
  );
  expect(Object.keys(filterValues).sort()).toEqual(filters.sort());
});
