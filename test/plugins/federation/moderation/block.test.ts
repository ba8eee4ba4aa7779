import { describe, expect, test } from 'vitest';
import {
  blockableNames,
  levelFor,
  readBlockTarget,
} from '../../../../plugins/federation/moderation/block.ts';
import { readBlockList } from '../../../../plugins/federation/moderation/import-blocks.ts';

const origin = 'https://blog.example.org';

describe('what can be blocked', () => {
  test.each([
    ['spam.example', { kind: 'host', value: 'spam.example' }],
    [' https://Spam.Example/ ', { kind: 'host', value: 'spam.example' }],
    ['*.spam.example', { kind: 'host', value: 'spam.example' }],
    ['spam.example:8443', { kind: 'host', value: 'spam.example:8443' }],
    ['bücher.example', { kind: 'host', value: 'xn--bcher-kva.example' }],
    ['https://spam.example/users/a', { kind: 'actor', value: 'https://spam.example/users/a' }],
  ])('%s', (typed, target) => {
    expect(readBlockTarget(typed, origin)).toEqual(target);
  });

  test.each([
    '',
    'spam',
    'a b',
    'blog.example.org',
    'example.org',
    'https://blog.example.org/ap/users/1',
    '%',
    'a/b',
  ])('%j cannot be blocked', (typed) => {
    expect(() => readBlockTarget(typed, origin)).toThrow(/domain|own site/);
  });

  test('a block counts for the server, its port and everything below it', () => {
    expect(blockableNames('A.Spam.Example:8443')).toEqual([
      'a.spam.example:8443',
      'a.spam.example',
      'spam.example',
      'example',
    ]);
    expect(blockableNames('127.0.0.1:80')).toEqual(['127.0.0.1:80', '127.0.0.1']);
  });

  test('the stricter of two blocks holds', () => {
    expect(levelFor([])).toBeNull();
    expect(levelFor([{ level: 'silence' }])).toBe('silence');
    expect(levelFor([{ level: 'silence' }, { level: 'block' }])).toBe('block');
  });
});

test('a list of blocks is read with its headings, quotes and levels, and without this site', () => {
  const text = [
    '\uFEFF#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate',
    'spam.example,suspend,TRUE,FALSE,"Spam, and ""more""",FALSE',
    'loud.example,silence,FALSE,FALSE,,FALSE',
    '*.wild.example,suspend',
    'blog.example.org,suspend',
    'not a domain,suspend',
    '# a remark',
    'spam.example,suspend',
    '',
  ].join('\r\n');
  const { lines, skipped } = readBlockList(text, origin);
  expect(lines).toEqual([
    { value: 'spam.example', level: 'block', reason: '' },
    { value: 'loud.example', level: 'silence', reason: '' },
    { value: 'wild.example', level: 'block', reason: '' },
  ]);
  expect(skipped.map(({ line }) => line)).toEqual([5, 6]);
});
