import { expect, test } from 'vitest';
import { InvalidError } from '../../src/errors.ts';
import { readForm } from '../../src/http/read-body.ts';

test('a field that comes several times becomes a list', () => {
  expect(readForm(Buffer.from('a=1&b=2&a=3&a=4'))).toEqual({ a: ['1', '3', '4'], b: '2' });
});

test('what no database stores is replaced', () => {
  expect(readForm(Buffer.from('text=one%00two')).text).toBe('one\ufffdtwo');
});

test('a form of very many fields is refused before it is taken apart', () => {
  const body = Buffer.from('a&'.repeat(120_000));
  const before = performance.now();
  expect(() => readForm(body)).toThrow(InvalidError);
  expect(performance.now() - before).toBeLessThan(50);
});
