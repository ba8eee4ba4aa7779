import { expect, test } from 'vitest';
import { InvalidError } from '../../src/errors.ts';
import { publicError } from '../../src/http/errors.ts';
import { createTestApp } from '../support/create-test-app.ts';

const withCode = (code: string, message = 'no') => Object.assign(new Error(message), { code });

test('a database that cannot be used at this moment is a reason to come again, whichever it is', () => {
  const passing = ['SQLITE_BUSY', 'SQLITE_IOERR_WRITE', 'ECONNREFUSED', '57P01', '08006', '53300', '40001'];
  for (const error of [...passing.map((code) => withCode(code)), new Error('Connection terminated')]) {
    const { status, retryAfterSeconds, publicMessage } = publicError(error);
    expect(status, error.message).toBe(503);
    expect(retryAfterSeconds).toBeGreaterThan(0);
    expect(publicMessage).not.toContain('database');
  }
});

test('a fault of ours is said in a fixed sentence, and what a client sent keeps its own', () => {
  for (const error of [withCode('SQLITE_CONSTRAINT', 'secret'), new Error('secret'), null]) {
    expect(publicError(error).status).toBe(500);
    expect(publicError(error).publicMessage).not.toContain('secret');
  }
  expect(publicError(new InvalidError('a', 'Say it again.')).publicMessage).toBe('Say it again.');
  expect(publicError(new URIError('bad')).status).toBe(400);
});

test('an address with a NUL is no address', async () => {
  const { visitor } = await createTestApp({ plugins: [] });
  for (const path of ['/%00', '/author/%00', '/tag/a%00b', '/media/%00'])
    expect((await visitor.get(path)).status, path).toBe(404);
  expect((await visitor.get('/?answer=%00')).status).toBe(400);
});
