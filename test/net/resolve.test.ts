import { expect, test, vi } from 'vitest';
import { createResolver, type NameSources } from '../../src/net/resolve.ts';

const dnsError = (code: string) => Object.assign(new Error(code), { code });
const nothing = () => Promise.reject(dnsError('ENOTFOUND'));
const sources = (known: Partial<NameSources>): NameSources => ({
  resolve4: vi.fn(known.resolve4 ?? nothing),
  resolve6: vi.fn(known.resolve6 ?? nothing),
  lookup: vi.fn(known.lookup ?? nothing),
});

test('a name with both families gives IPv4 first', async () => {
  const resolve = createResolver(
    sources({ resolve4: async () => ['1.1.1.1'], resolve6: async () => ['2606::1'] }),
  );
  expect(await resolve('both.example')).toEqual(['1.1.1.1', '2606::1']);
});

test('a name with one family gives that one', async () => {
  expect(await createResolver(sources({ resolve4: async () => ['1.1.1.1'] }))('four.example')).toEqual([
    '1.1.1.1',
  ]);
  expect(await createResolver(sources({ resolve6: async () => ['2606::1'] }))('six.example')).toEqual([
    '2606::1',
  ]);
});

test('a silent IPv6 answer does not hold up the IPv4 one', async () => {
  const resolve = createResolver(
    sources({ resolve4: async () => ['1.1.1.1'], resolve6: () => new Promise(() => undefined) }),
  );
  expect(await resolve('slow.example')).toEqual(['1.1.1.1']);
});

test('a name that DNS does not know is looked up by the system', async () => {
  const resolve = createResolver(sources({ lookup: async () => ['10.0.0.5'] }));
  expect(await resolve('nas.example')).toEqual(['10.0.0.5']);
});

test('a name without a dot never goes to DNS', async () => {
  const asked = sources({ lookup: async () => ['10.0.0.5'] });
  expect(await createResolver(asked)('nas')).toEqual(['10.0.0.5']);
  expect(asked.resolve4).not.toHaveBeenCalled();
});

test('a DNS server that fails is an error, and does not occupy the system', async () => {
  const asked = sources({ resolve4: () => Promise.reject(dnsError('ESERVFAIL')) });
  await expect(createResolver(asked)('broken.example')).rejects.toThrow('ESERVFAIL');
  expect(asked.lookup).not.toHaveBeenCalled();
});

test('localhost is this machine, whatever DNS says', async () => {
  const resolve = createResolver(sources({ resolve4: async () => ['8.8.8.8'] }));
  expect(await resolve('localhost')).toEqual(['127.0.0.1', '::1']);
  expect(await resolve('blog.localhost.')).toEqual(['127.0.0.1', '::1']);
});

test('an answer is kept, a failure is not', async () => {
  const asked = sources({
    resolve4: vi.fn().mockRejectedValueOnce(dnsError('ESERVFAIL')).mockResolvedValue(['1.1.1.1']),
  });
  const resolve = createResolver(asked);
  await expect(resolve('name.example')).rejects.toThrow('ESERVFAIL');
  await Promise.all([resolve('name.example'), resolve('name.example.')]);
  await resolve('name.example');
  expect(asked.resolve4).toHaveBeenCalledTimes(2);
});
