import { type AdminPage, NotFoundError, type RouteRequest } from 'outpost/plugin';
import { findActors } from '../actors/actor-store.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { hostLog } from '../delivery/host-log.ts';
import { findPeer, type PeerEntry } from '../delivery/peer-list.ts';
import { retryDeliveries } from '../delivery/retry-deliveries.ts';
import { resumeHost, stopHost } from '../delivery/stop-host.ts';
import { findBlocks } from '../moderation/block-store.ts';
import { sentAgain } from './delivery-page.ts';
import { barFor, deliveryRows } from './delivery-rows.ts';
import { agoInWords, eventLabels, healthLabels, inWords, lengthInWords } from './delivery-words.ts';
import { personView, placesFor, signedIn, timeView } from './present.ts';

const mostWaiting = 50;
const mostLately = 20;
const mostEvents = 50;
const mostPeople = 24;

/** One server: what it runs, who follows there, how it does and did, what waits for it, and what can be done about it. */
export const serverPage: AdminPage<FederationContext> = {
  path: 'servers/:host',
  title: 'A server',
  menu: false,
  access: 'admin',
  async load(request, context) {
    const db = tablesOf(context);
    const now = context.now();
    const peer = await peerFor(request, context);
    const { host } = peer;
    const rows = (states: Parameters<typeof deliveryRows>[2]['states'], limit: number) =>
      deliveryRows(context, { host }, { states, limit, linked: false });
    const [waiting, lately, log, blocks, people, bar] = await Promise.all([
      rows(['failed', 'queued'], mostWaiting),
      rows(['delivered', 'abandoned'], mostLately),
      hostLog(db, host, mostEvents),
      findBlocks(db, { host, actorId: null }),
      followersAt(context, host),
      barFor(context, { host }),
    ]);
    return {
      view: 'admin/server',
      title: host,
      data: {
        places: placesFor(context, signedIn(request), 'servers'),
        serversHref: context.urls.admin('servers'),
        blocksHref: context.urls.admin('blocks'),
        server: present(peer, now),
        bar,
        waiting,
        lately,
        people,
        morePeople: peer.followers - people.length,
        events: log.map((entry) => ({
          at: timeView(entry.at),
          label: eventLabels[entry.what],
          detail: entry.detail,
        })),
        blocks: blocks.map(({ value, level, reason }) => ({ value, level, reason })),
      },
    };
  },
  deeds: {
    async retry(request, context) {
      const { host } = await peerFor(request, context);
      const { count } = await retryDeliveries(context, { host });
      return { notice: sentAgain(count) };
    },
    async hold(request, context) {
      const { host } = await peerFor(request, context);
      await stopHost(context, host);
      return { notice: `Nothing is sent to ${host} until you resume it.` };
    },
    async resume(request, context) {
      const { host } = await peerFor(request, context);
      await resumeHost(context, host);
      return { notice: `${host} is sent messages again.` };
    },
  },
};

async function peerFor(request: RouteRequest, context: FederationContext): Promise<PeerEntry> {
  const host = (request.params.host ?? '').toLowerCase();
  const peer = await findPeer(tablesOf(context), host, context.now().toISOString());
  if (!peer) throw new NotFoundError('federation.unknown_server', 'Nothing was ever sent to this server.');
  return peer;
}

async function followersAt(context: FederationContext, host: string) {
  const rows = await tablesOf(context)
    .selectFrom('plugin_federation_followers')
    .select(['actor_id', 'state', 'suspended_why'])
    .where('host', '=', host)
    .orderBy('since', 'desc')
    .limit(mostPeople)
    .execute();
  const actors = await findActors(
    context,
    rows.map((row) => row.actor_id),
  );
  return rows.map(({ actor_id, state, suspended_why }) => ({
    ...personView(context, actor_id, actors.get(actor_id)),
    suspended: state === 'suspended' ? (suspended_why === 'gone' ? 'Inbox gone' : 'Suspended') : null,
  }));
}

function present(peer: PeerEntry, now: Date) {
  const isPaused = peer.notBefore !== null && peer.notBefore > now.toISOString();
  return {
    host: peer.host,
    software: peer.software === 'unknown' ? null : peer.software,
    state: healthLabels[peer.health],
    sentence: sentenceFor(peer, now),
    followers: peer.followers,
    suspended: peer.suspended,
    queue: peer.queue,
    lastSuccess: timeView(peer.lastSuccessAt),
    lastSuccessAgo: peer.lastSuccessAt && agoInWords(peer.lastSuccessAt, now),
    lastError: peer.lastError,
    lastErrorAt: timeView(peer.lastErrorAt),
    nextTry: isPaused && peer.health !== 'stopped' ? inWords(peer.notBefore ?? '', now) : null,
    mayResume: peer.health === 'stopped' || peer.health === 'held' || peer.suspended > 0,
    mayHold: peer.health !== 'stopped',
  };
}

/** What it means for the owner's posts. */
function sentenceFor({ health, failingSince, heldSince, notBefore }: PeerEntry, now: Date): string {
  const next = notBefore !== null && notBefore > now.toISOString() ? inWords(notBefore, now) : 'now';
  switch (health) {
    case 'ok':
      return 'It takes what is sent to it.';
    case 'new':
      return 'Nothing was taken there yet.';
    case 'failing':
      return `It has not taken anything for ${lengthInWords(failingSince ?? '', now)}. The next try is ${next}.`;
    case 'held':
      return `It has not answered for ${lengthInWords(failingSince ?? heldSince ?? '', now)}, so that what goes there is kept. One message is tried ${next}; when it is taken, or when the server sends something, the rest follows, oldest first.`;
    case 'limited':
      return `It asked for a pause. Messages go on ${next}.`;
    case 'stopped':
      return 'You have stopped sending there. What goes there waits until you resume it.';
  }
}
