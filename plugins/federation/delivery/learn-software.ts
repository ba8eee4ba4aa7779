import { guarded, jsonIn } from '../actors/fetch-document.ts';
import type { FederationContext } from '../context.ts';
import { tablesOf } from '../context.ts';
import { sameOrigin } from '../vocabulary/ids.ts';
import { readNodeInfo, readNodeInfoLinks } from '../vocabulary/nodeinfo.ts';
import { noteHost } from './host-store.ts';

const mostAtOnce = 20;
const timeoutMs = 10_000;
const maxBytes = 65_536;
/** Written down for a server that does not say, so that it is not asked again. */
const unknown = 'unknown';

/** Asks servers that were delivered to what they run, for the list of servers: a job of its own, now and then. */
export async function learnSoftware(_payload: unknown, context: FederationContext): Promise<void> {
  const db = tablesOf(context);
  const hosts = await db
    .selectFrom('plugin_federation_hosts')
    .select('host')
    .where('software', 'is', null)
    .where('last_success_at', 'is not', null)
    .limit(mostAtOnce)
    .execute();
  for (const { host } of hosts) {
    const reached = await db
      .selectFrom('plugin_federation_deliveries')
      .select('inbox')
      .where('host', '=', host)
      .limit(1)
      .executeTakeFirst();
    const software = reached ? await softwareOf(context, new URL(reached.inbox).origin) : null;
    await noteHost(db, host, { software: software ?? unknown });
  }
}

/** What a server runs, by its own word: `lemmy 0.19.5`; null where it does not say. Source: NodeInfo protocol, sections 4 and 5 */
export async function softwareOf(context: FederationContext, origin: string): Promise<string | null> {
  const links = readNodeInfoLinks(await fetchJson(context, `${origin}/.well-known/nodeinfo`));
  if (links.kind === 'refused') return null;
  const address = links.addresses.find((one) => sameOrigin(one, origin));
  const reading = address === undefined ? null : readNodeInfo(await fetchJson(context, address));
  if (reading?.kind !== 'server') return null;
  const { software, version } = reading.server;
  return `${software} ${version ?? ''}`.trim();
}

async function fetchJson(context: FederationContext, address: string): Promise<unknown> {
  const answer = await guarded(context, address, timeoutMs, (signal) =>
    context.network(address, { headers: { accept: 'application/json' }, maxBytes, timeoutMs, signal }),
  );
  if ('kind' in answer || answer.status !== 200) return null;
  const document = jsonIn(answer);
  return document.kind === 'document' ? document.json : null;
}
