import { expect, test } from 'vitest';
import { sameSitePath } from '../../src/admin/same-site-path.ts';

test.each([
  '/admin',
  '/admin/posts?status=draft',
  '/a-post#comment-1',
  '/admin/comments?status=pending&q=a%20b',
])('%s is a path of this site', (path) => {
  expect(sameSitePath(path, '/home')).toBe(path);
});

test.each([
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '\\/evil.example',
  'https:evil.example',
  '/%2F/evil.example',
  '/%5Cevil.example',
  '/admin\r\nSet-Cookie: a=b',
  '/\t/evil.example',
  ' /admin',
  'admin',
  'javascript:alert(1)',
  '/..//evil.example',
  '',
  undefined,
  ['/admin'],
])('%j leads nowhere but to the fallback', (asked) => {
  expect(sameSitePath(asked, '/home')).toBe('/home');
});
