import type { AdminPage } from 'outpost/plugin';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { listPeers, type PeerEntry } from '../delivery/peer-list.ts';
import { retryDeliveries } from '../delivery/retry-deliveries.ts';
import { field, placesFor, signedIn, timeView } from './present.ts';

const mostRows = 500;

/** The servers that this site has to do with, those with trouble first. */
export const serversPage: AdminPage<FederationContext> = {
  path: 'servers',
  title: 'Other servers',
  menu: false,
  access: 'admin',
  async load(request, context) {
    const now = context.now().toISOString();
    const peers = await listPeers(tablesOf(context), { now, limit: mostRows });
    return {
      view: 'admin/servers',
      data: { places: placesFor(context, signedIn(request), 'servers'), servers: peers.map(present) },
    };
  },
  deeds: {
    async retry(request, context) {
      const host = field(request, 'host');
      const { count } = await retryDeliveries(context, { host });
      return { notice: count === 0 ? `Nothing waits for ${host}.` : `${count} are tried again at ${host}.` };
    },
  },
};

const words: Readonly<Record<PeerEntry['health'], { text: string; className: string }>> = {
  ok: { text: 'Answers', className: 'published' },
  new: { text: 'Not sent anything yet', className: 'draft' },
  failing: { text: 'Has trouble', className: 'wrong' },
  held: { text: 'Mail is held', className: 'wrong' },
  limited: { text: 'Wants a pause', className: 'pending' },
  stopped: { text: 'Stopped by you', className: 'draft' },
};

function present(peer: PeerEntry) {
  return {
    host: peer.host,
    software: peer.software,
    state: words[peer.health],
    followers: peer.followers,
    queue: peer.queue,
    lastSuccess: timeView(peer.lastSuccessAt),
    lastError: peer.lastError,
    notBefore: peer.health !== 'ok' ? timeView(peer.notBefore) : null,
  };
}
