import { expect, test } from 'vitest';
import { asError } from '../../src/errors.ts';
import { createTestApp } from '../support/create-test-app.ts';
import { writePlugin } from '../support/write-plugin.ts';

test('a plugin is not blamed for a database that cannot be used', async () => {
  const route = `{ method: 'GET', path: '/busy', access: 'public', handler() {
    throw Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' });
  } }`;
  const { app, visitor } = await createTestApp({
    plugins: [],
    pluginFolders: [writePlugin('busy', `routes: [${route}]`)],
  });
  for (let count = 0; count < 25; count += 1) expect((await visitor.get('/busy')).status).toBe(503);
  await app.plugins.refresh();
  expect((await app.plugins.list()).find(({ id }) => id === 'busy')?.status).toBe('enabled');
});

test('what cannot even be read when it is thrown breaks no page', async () => {
  const above = "const unreadable = { get message(): string { throw new Error('no'); } };";
  const { visitor } = await createTestApp({
    plugins: [],
    pluginFolders: [
      writePlugin('unreadable', "filters: { 'page.head': () => { throw unreadable; } }", { above }),
    ],
  });
  expect((await visitor.get('/')).status).toBe(200);
});

test('whatever is thrown becomes an error that can be read', () => {
  const own = new Error('own');
  expect(asError(own)).toBe(own);
  expect(asError(null).message).toBe('null was thrown');
  expect(asError('a text').message).toBe('a text was thrown');
  expect(asError(Object.create(null)).message).toContain('cannot be read');
});
