import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findDestination, parseTarget } from '../../src/net/destination.ts';
import { FetchFailedError, FetchRefusedError } from '../../src/net/fetch-errors.ts';
import { parseHosts } from '../../src/net/hosts.ts';
import { parsePrivateNetwork } from '../../src/net/private-network.ts';

type World = { allow?: string; hosts?: string; dns?: Record<string, string[]> };

function guardOf({ allow = '', hosts = '', dns = {} }: World) {
  const asked: string[] = [];
  const resolve = async (name: string) => {
    asked.push(name);
    const found = dns[name];
    if (!found) throw new Error(`queryA ENOTFOUND ${name}`);
    return found;
  };
  return { asked, guard: { allow: parsePrivateNetwork(allow), hosts: parseHosts(hosts), resolve } };
}

async function dialled(url: string, world: World = {}): Promise<readonly string[]> {
  const destination = findDestination(parseTarget(url), guardOf(world).guard);
  return (await destination.addresses()).map((address) => `${address} ${destination.port}`);
}

describe('without an allowance', () => {
  test('a public name is dialled at its public addresses', async () => {
    expect(
      await dialled('https://good.example/', { dns: { 'good.example': ['1.1.1.1', '2606:4700::1'] } }),
    ).toEqual(['1.1.1.1 443', '2606:4700::1 443']);
  });

  test('of a name with public and private addresses only the public ones are dialled', async () => {
    const dns = { 'mixed.example': ['127.0.0.1', '1.1.1.1', '::1', '10.0.0.1'] };
    expect(await dialled('https://mixed.example/', { dns })).toEqual(['1.1.1.1 443']);
  });

  test('a name with many addresses is tried at six of them', async () => {
    const many = Array.from({ length: 50 }, (_, index) => `1.1.1.${index}`);
    expect(await dialled('https://many.example/', { dns: { 'many.example': many } })).toHaveLength(6);
  });

  test('a name that leads to private addresses only is refused', async () => {
    await expect(
      dialled('https://bad.example/', { dns: { 'bad.example': ['127.0.0.1', 'fe80::1'] } }),
    ).rejects.toThrow(FetchRefusedError);
  });

  test('a name that does not exist is a failure that names it', async () => {
    const failure = dialled('https://gone.example/');
    await expect(failure).rejects.toThrow(FetchFailedError);
    await expect(failure).rejects.toMatchObject({ host: 'gone.example', reason: 'dns' });
  });

  test.each([
    'http://good.example/',
    'https://good.example:8443/',
    'http://good.example:443/',
    'https://good.example:80/',
  ])('%s is refused before DNS is asked', (url) => {
    const { asked, guard } = guardOf({ dns: { 'good.example': ['1.1.1.1'] } });
    expect(() => findDestination(parseTarget(url), guard)).toThrow(FetchRefusedError);
    expect(asked).toEqual([]);
  });

  test.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://127.0.0.1./',
    'https://%31%32%37.0.0.1/',
    'https://１２７.0.0.1/',
    'https://0/',
    'https://10.0.0.1/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
  ])('%s is refused at once', (url) => {
    expect(() => findDestination(parseTarget(url), guardOf({}).guard)).toThrow(FetchRefusedError);
  });

  test('no spelling of a loopback address is dialled', () => {
    const spelling = fc
      .tuple(fc.integer({ min: 0x7f000000, max: 0x7fffffff }), fc.constantFrom(10, 8, 16), fc.boolean())
      .map(
        ([ip, base, dot]) =>
          `${base === 8 ? '0' : base === 16 ? '0x' : ''}${ip.toString(base)}${dot ? '.' : ''}`,
      );
    fc.assert(
      fc.property(spelling, (host) => {
        expect(() => findDestination(parseTarget(`https://${host}/`), guardOf({}).guard)).toThrow(
          FetchRefusedError,
        );
      }),
    );
  });

  test('a public literal is dialled', async () => {
    expect(await dialled('https://[2606:4700:4700::1111]/')).toEqual(['2606:4700:4700::1111 443']);
  });
});

describe('a URL', () => {
  test.each([
    'ftp://good.example/',
    'file:///etc/passwd',
    'data:text/plain,x',
    'javascript:1',
    'gopher://good.example:443/',
    'https://user@good.example/',
    'https://user:pass@good.example/',
    'https://:pass@good.example/',
    'https://[fe80::1%25eth0]/',
    'https://',
    '//good.example/',
    'good.example',
    '',
    `https://good.example/${'a'.repeat(2_048)}`,
    `https://good.example/${'é'.repeat(700)}`,
  ])('%.60s is refused', (url) => {
    expect(() => parseTarget(url)).toThrow(FetchRefusedError);
  });

  test('loses its fragment, and is not changed for its owner', () => {
    const mine = new URL('https://good.example/a?b#c');
    expect(parseTarget(mine).href).toBe('https://good.example/a?b');
    expect(mine.hash).toBe('#c');
  });
});

describe('with an allowance', () => {
  test('a listed literal is dialled, on its port only', async () => {
    expect(await dialled('http://127.0.0.1:5000/', { allow: '127.0.0.1:5000' })).toEqual(['127.0.0.1 5000']);
    await expect(dialled('http://127.0.0.1:5001/', { allow: '127.0.0.1:5000' })).rejects.toThrow(
      FetchRefusedError,
    );
    await expect(dialled('http://127.0.0.1/', { allow: '127.0.0.1:5000' })).rejects.toThrow(
      FetchRefusedError,
    );
  });

  test('another spelling of a listed address that is dialled differently is refused', async () => {
    const url = 'http://[::ffff:127.0.0.1]:5000/';
    await expect(dialled(url, { allow: '127.0.0.1:5000' })).rejects.toThrow(FetchRefusedError);
  });

  test('a listed name is dialled wherever it leads, and a listed address whatever the name', async () => {
    const dns = { 'nas.example': ['10.0.0.5', '10.0.0.6'] };
    expect(await dialled('http://nas.example:81/', { allow: 'nas.example:81', dns })).toHaveLength(2);
    expect(await dialled('http://nas.example:81/', { allow: '10.0.0.6:81', dns })).toEqual(['10.0.0.6 81']);
  });

  test('what is not listed stays refused', async () => {
    const world = {
      allow: 'nas.example:81',
      dns: { 'other.example': ['10.0.0.5'], 'good.example': ['1.1.1.1'] },
    };
    await expect(dialled('http://other.example:81/', world)).rejects.toThrow(FetchRefusedError);
    await expect(dialled('http://good.example:81/', world)).rejects.toThrow(FetchRefusedError);
    expect(await dialled('https://good.example/', world)).toEqual(['1.1.1.1 443']);
  });

  test('1 allows private addresses, plain http and any port, and no other scheme', async () => {
    expect(await dialled('http://192.168.1.1:8080/', { allow: '1' })).toEqual(['192.168.1.1 8080']);
    expect(() => parseTarget('ftp://192.168.1.1/')).toThrow(FetchRefusedError);
  });
});

describe('a name in the table', () => {
  const hosts = 'good.example=127.0.0.1:5000';

  test('is not exempt from the check', async () => {
    await expect(dialled('https://good.example/', { hosts })).rejects.toThrow(FetchRefusedError);
    await expect(dialled('http://good.example/', { hosts, allow: 'good.example:5000' })).rejects.toThrow(
      FetchRefusedError,
    );
  });

  test.each(['good.example:80', '127.0.0.1:5000', '1'])(
    'is dialled at its own port where %s is allowed',
    async (allow) => {
      expect(await dialled('http://good.example/', { hosts, allow })).toEqual(['127.0.0.1 5000']);
    },
  );

  test('never goes to DNS', async () => {
    const dns = { 'good.example': ['1.1.1.1'] };
    expect(await dialled('https://good.example/', { hosts: 'good.example=9.9.9.9', dns })).toEqual([
      '9.9.9.9 443',
    ]);
  });

  test('with a private and a public address is dialled at the public one', async () => {
    expect(
      await dialled('https://two.example/', { hosts: 'two.example=10.0.0.1,two.example=9.9.9.9' }),
    ).toEqual(['9.9.9.9 443']);
  });
});
