import { expect, test } from 'vitest';
import { ConfigError } from '../../src/errors.ts';
import { parseHosts } from '../../src/net/hosts.ts';
import { allowsPeer, parsePrivateNetwork } from '../../src/net/private-network.ts';

test('an empty value allows no private peer, and 1 allows all', () => {
  expect(parsePrivateNetwork('')).toEqual({ kind: 'none' });
  expect(parsePrivateNetwork('  ')).toEqual({ kind: 'none' });
  expect(parsePrivateNetwork('1')).toEqual({ kind: 'all' });
});

test('a list allows what it names, with the port, in any case', () => {
  const allow = parsePrivateNetwork('LocalHost:3000, 127.0.0.1:80,[::1]:5000');
  expect(allowsPeer(allow, 'localhost', 3000)).toBe(true);
  expect(allowsPeer(allow, '127.0.0.1', 80)).toBe(true);
  expect(allowsPeer(allow, '[::1]', 5000)).toBe(true);
  expect(allowsPeer(allow, '::1', 5000)).toBe(true);
  expect(allowsPeer(allow, 'localhost', 3001)).toBe(false);
  expect(allowsPeer(allow, '127.0.0.2', 80)).toBe(false);
});

test.each([
  '0',
  'true',
  'localhost',
  'localhost:',
  ':80',
  'localhost:0',
  'localhost:65536',
  'a:80,,b:80',
  'http://a:80',
])('the allowance "%s" is refused with a sentence that names it', (value) => {
  expect(() => parsePrivateNetwork(value)).toThrow(ConfigError);
  expect(() => parsePrivateNetwork(value)).toThrow(`OUTPOST_ALLOW_PRIVATE_NETWORK is "${value}"`);
});
test.each(['::1:80', 'a b:80', 'a/b:80', 'user@a:80', '[127.0.0.1]:80', '999.1.1.1:80', '*:80'])(
  'the allowance "%s" is refused',
  (value) => expect(() => parsePrivateNetwork(value)).toThrow('host:port separated by commas'),
);

test('the table of names gives addresses and ports, several to a name that is repeated', () => {
  const table = parseHosts(
    'Good.example=127.0.0.1:5000, two.example=10.0.0.1,two.example=::1,six.example=[::1]:81',
  );
  expect(table.get('good.example')).toEqual([{ address: '127.0.0.1', port: 5000 }]);
  expect(table.get('two.example')).toEqual([{ address: '10.0.0.1' }, { address: '::1' }]);
  expect(table.get('six.example')).toEqual([{ address: '::1', port: 81 }]);
  expect(parseHosts('').size).toBe(0);
});

test.each([
  'a',
  'a=',
  '=127.0.0.1',
  'a=b',
  'a=127.1',
  'a=127.0.0.1:0',
  'a=127.0.0.1:99999',
  'a=1.2.3.4,',
  'a=[1.2.3.4]',
])('the table "%s" is refused with a sentence that names it', (value) => {
  expect(() => parseHosts(value)).toThrow(ConfigError);
  expect(() => parseHosts(value)).toThrow(`OUTPOST_HOSTS is "${value}"`);
});

test('a name with addresses on different ports is refused', () => {
  expect(() => parseHosts('a=127.0.0.1:80,a=127.0.0.2:81')).toThrow('several ports');
});
