import type { AdminPage } from 'outpost/plugin';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { type HealthWord, healthWords } from '../delivery/host-health.ts';
import { countPeers, listPeers, type PeerEntry } from '../delivery/peer-list.ts';
import { serverHref } from './delivery-rows.ts';
import { agoInWords, healthLabels, inWords } from './delivery-words.ts';
import { placesFor, signedIn } from './present.ts';

const pageSize = 50;

/** The servers that this site has to do with, those with trouble first. */
export const serversPage: AdminPage<FederationContext> = {
  path: 'servers',
  title: 'Other servers',
  menu: false,
  access: 'admin',
  async load(request, context) {
    const db = tablesOf(context);
    const now = context.now();
    const name = request.query.get('q')?.trim().slice(0, 100) ?? '';
    const health = healthWords.find((word) => word === request.query.get('health'));
    const after = request.query.get('after') ?? undefined;
    const filter = { name, health };
    const [peers, counts] = await Promise.all([
      listPeers(db, { ...filter, now: now.toISOString(), limit: pageSize + 1, after }),
      countPeers(db, now.toISOString()),
    ]);
    const shown = peers.slice(0, pageSize);
    const address = (more: Record<string, string | undefined>) => {
      const query = new URLSearchParams();
      for (const [key, value] of Object.entries({ q: name, health, ...more }))
        if (value) query.set(key, value);
      return `${context.urls.admin('servers')}?${query}`;
    };
    const kinds: readonly HealthWord[] = ['held', 'failing', 'limited', 'stopped'];
    return {
      view: 'admin/servers',
      data: {
        places: placesFor(context, signedIn(request), 'servers'),
        total: counts.total,
        name,
        health: health ?? '',
        kinds: [
          { label: 'All', count: counts.total, href: address({ health: undefined }), current: !health },
          ...kinds
            .filter((kind) => counts[kind] > 0 || kind === health)
            .map((kind) => ({
              label: healthLabels[kind].text,
              count: counts[kind],
              href: address({ health: kind }),
              current: kind === health,
            })),
        ],
        servers: shown.map((peer) => present(context, peer, now)),
        older: peers.length > pageSize ? address({ after: shown.at(-1)?.host }) : null,
      },
    };
  },
};

function present(context: FederationContext, peer: PeerEntry, now: Date) {
  const isPaused = peer.notBefore !== null && peer.notBefore > now.toISOString();
  return {
    host: peer.host,
    href: serverHref(context, peer.host),
    software: peer.software === 'unknown' ? null : peer.software,
    state: healthLabels[peer.health],
    next: isPaused && peer.health !== 'stopped' ? `next try ${inWords(peer.notBefore ?? '', now)}` : '',
    followers: peer.followers,
    suspended: peer.suspended,
    queue: peer.queue,
    lastSuccess: peer.lastSuccessAt && { iso: peer.lastSuccessAt, text: agoInWords(peer.lastSuccessAt, now) },
  };
}
