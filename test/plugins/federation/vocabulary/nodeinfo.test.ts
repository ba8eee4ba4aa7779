import { describe, expect, test } from 'vitest';
import { readNodeInfo, readNodeInfoLinks } from '../../../../plugins/federation/vocabulary/nodeinfo.ts';

const rel = (version: string) => `http://nodeinfo.diaspora.software/ns/schema/${version}`;
const at = (version: string) => `https://remote.example/nodeinfo/${version}`;

describe('where NodeInfo is', () => {
  test('the newest version comes first, unknown ones last, an actor is none', () => {
    const links = [
      { rel: rel('1.0'), href: at('1.0') },
      { rel: 'x', href: at('3.0') },
      { rel: rel('2.1'), href: at('2.1') },
      { rel: 'https://www.w3.org/ns/activitystreams#Application', href: 'https://remote.example/actor' },
      { rel: rel('2.0'), href: at('2.0') },
      { rel: rel('2.0') },
      null,
    ];
    expect(readNodeInfoLinks({ links })).toEqual({
      kind: 'links',
      addresses: [at('2.1'), at('2.0'), at('1.0'), at('3.0')],
    });
  });
  test('one link is no list (WriteFreely)', () => {
    expect(readNodeInfoLinks({ links: { rel: rel('2.0'), href: at('2.0') } })).toMatchObject({
      addresses: [at('2.0')],
    });
  });
  test.each([[null], [[]], [{}], [{ links: [{ rel: 'x', href: 'x' }] }]])('%j is refused', (json) => {
    expect(readNodeInfoLinks(json)).toMatchObject({ kind: 'refused', status: 400 });
  });
});

describe('what a server says about itself', () => {
  test('2.1 with counts', () => {
    const json = {
      version: '2.1',
      software: { name: 'Mastodon', version: '4.5.0', repository: 'https://…' },
      protocols: ['activitypub'],
      openRegistrations: false,
      usage: { users: { total: 12, activeMonth: 1 }, localPosts: '34' },
    };
    expect(readNodeInfo(json)).toEqual({
      kind: 'server',
      server: {
        software: 'mastodon',
        version: '4.5.0',
        protocols: ['activitypub'],
        openRegistrations: false,
        usersTotal: 12,
        localPosts: 34,
      },
    });
  });
  test('1.0 names protocols by direction (Friendica)', () => {
    const protocols = { inbound: ['activitypub', 'diaspora'], outbound: ['activitypub'] };
    expect(readNodeInfo({ software: { name: 'friendica' }, protocols })).toMatchObject({
      server: { version: null, protocols: ['activitypub', 'diaspora'], usersTotal: null },
    });
  });
  test('names are one line of at most fifty characters', () => {
    const reading = readNodeInfo({ software: { name: `x\n\u202E${'y'.repeat(99)}`, version: 1 } });
    expect(reading).toMatchObject({ server: { software: `x ${'y'.repeat(48)}`, version: '1' } });
  });
  test.each([[null], [{}], [{ software: 'mastodon' }], [{ software: { name: '' } }]])(
    '%j is refused',
    (json) => {
      expect(readNodeInfo(json)).toMatchObject({ kind: 'refused', status: 400 });
    },
  );
});
