import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPublicAddress } from '../../src/net/addresses.ts';

const octets = (address: number): string =>
  [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255].join('.');
const ipv4In = (base: string, prefix: number) => {
  const [a = 0, b = 0, c = 0, d = 0] = base.split('.').map(Number);
  const start = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  return fc.integer({ min: 0, max: 2 ** (32 - prefix) - 1 }).map((offset) => octets((start + offset) >>> 0));
};
const anyIpv4 = ipv4In('0.0.0.0', 0);
const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
const ipv6Tail = (count: number) =>
  fc.array(group, { minLength: count, maxLength: count }).map((groups) => groups.join(':'));

describe('an IPv4 address', () => {
  test.each([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ])('anywhere in %s/%i is not public', (base, prefix) => {
    fc.assert(fc.property(ipv4In(base, prefix), (address) => !isPublicAddress(address)));
  });

  test.each(['1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255'])(
    '%s beside a private block is public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );
  test.each([
    '128.0.0.0',
    '169.253.255.255',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.0',
    '192.169.0.0',
    '223.255.255.255',
  ])('%s beside a private block is public too', (address) => expect(isPublicAddress(address)).toBe(true));

  test('of a cloud that tells its machines their secrets is not public', () => {
    expect(isPublicAddress('169.254.169.254')).toBe(false);
    expect(isPublicAddress('168.63.129.16')).toBe(false);
    expect(isPublicAddress('168.63.129.17')).toBe(true);
  });

  test.each([
    '127.1',
    '2130706433',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '8.8.8',
    '134744072',
    '8.8.8.8 ',
    '',
    'localhost',
    '8.8.8.8:443',
  ])('written as "%s" is not public', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('an IPv6 address', () => {
  test('is not public outside of 2000::/3', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff }), ipv6Tail(7), (head, tail) => {
        fc.pre((head & 0xe000) !== 0x2000);
        return !isPublicAddress(`${head.toString(16)}:${tail}`);
      }),
    );
  });

  test('that carries an IPv4 address is not public, whichever one it carries', () => {
    fc.assert(
      fc.property(anyIpv4, (ipv4) => {
        const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number);
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        const carriers = [
          `::ffff:${ipv4}`,
          `::${ipv4}`,
          `::ffff:0:${ipv4}`,
          `64:ff9b::${ipv4}`,
          `64:ff9b:1::${ipv4}`,
        ];
        const inHex = [`::ffff:${hex}`, `64:ff9b::${hex}`, `2002:${hex}::1`, `2001:0:${hex}::1`];
        return [...carriers, ...inHex].every((address) => !isPublicAddress(address));
      }),
    );
  });

  test.each(['::', '::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fec0::1', 'ff02::1', '100::1', '5f00::1'])(
    '%s is not public',
    (address) => expect(isPublicAddress(address)).toBe(false),
  );
  test.each([
    '2001::1',
    '2001:2::1',
    '2001:10::1',
    '2001:20::1',
    '2001:db8::1',
    '2002::1',
    '3ffe::1',
    '3fff::1',
  ])('%s is special and not public', (address) => expect(isPublicAddress(address)).toBe(false));
  test.each(['2606:4700:4700::1111', '2001:200::1', '2001:4860:4860::8888', '2a01:4f8::1', '3ffd::1'])(
    '%s is public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  test('with a zone is not public', () => {
    expect(isPublicAddress('fe80::1%eth0')).toBe(false);
    expect(isPublicAddress('2606:4700:4700::1111%eth0')).toBe(false);
  });
});

test('any text at all gets an answer', () => {
  fc.assert(fc.property(fc.string(), (text) => typeof isPublicAddress(text) === 'boolean'));
});
