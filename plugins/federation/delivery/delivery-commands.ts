import { type Command, InvalidError } from 'outpost/plugin';
import { type FederationContext, tablesOf } from '../context.ts';
import {
  type DeliveryEntry,
  type DeliveryState,
  deliveryStates,
  listDeliveries,
  summariseDeliveries,
} from './delivery-list.ts';
import { type HealthWord, healthWords } from './host-health.ts';
import { findPeer, listPeers } from './peer-list.ts';
import { retryDeliveries } from './retry-deliveries.ts';
import { resumeHost, stopHost } from './stop-host.ts';

/** The commands about what is sent, and to which servers. */
export const deliveryCommands: readonly Command<FederationContext>[] = [
  {
    name: 'deliveries',
    usage: 'deliveries',
    about: 'list what is sent to other servers, newest first',
    options: [
      { flags: '--state <state>', about: `only those that are ${deliveryStates.join(', ')}` },
      { flags: '--post <id>', about: 'only those of a post' },
      { flags: '--host <host>', about: 'only those to a server' },
      { flags: '--summary', about: 'how many, by state and by server' },
    ],
    async run({ options, limit, after }, context) {
      const host = textOption(options.host)?.toLowerCase();
      const filter = { state: stateNamed(options.state), postId: textOption(options.post), host };
      const db = tablesOf(context);
      if (options.summary === true) return summariseDeliveries(db, filter);
      return (await listDeliveries(db, { ...filter, limit, after })).map(presentDelivery);
    },
  },
  {
    name: 'peers',
    usage: 'peers',
    about: 'list other servers and how they are doing, those with trouble first',
    options: [
      { flags: '--name <name>', about: 'only those with this in their name' },
      { flags: '--health <health>', about: `only those that are ${healthWords.join(', ')}` },
    ],
    async run({ options, limit, after }, context) {
      const filter = { name: textOption(options.name), health: healthNamed(options.health) };
      const now = context.now().toISOString();
      return listPeers(tablesOf(context), { ...filter, now, limit, after });
    },
  },
  {
    name: 'retry',
    usage: 'retry',
    about: 'try at once what could not be delivered',
    options: [
      { flags: '--host <host>', about: 'only what goes to this server' },
      { flags: '--post <id>', about: 'only what is about this post' },
    ],
    async run({ options }, context) {
      const host = textOption(options.host)?.toLowerCase();
      const postId = textOption(options.post);
      const { count, hosts } = await retryDeliveries(context, {
        ...(host && { host }),
        ...(postId && { postId }),
      });
      return { queued: count, hosts };
    },
  },
  {
    name: 'hold',
    usage: 'hold <host>',
    about: 'send nothing to a server until it is resumed; what goes there waits',
    async run({ args }, context) {
      const host = hostNamed(args[0]);
      await stopHost(context, host);
      return findPeer(tablesOf(context), host, context.now().toISOString());
    },
  },
  {
    name: 'resume',
    usage: 'resume <host>',
    about: 'send to a server again that was held, by hand or because it failed, and to its people',
    async run({ args }, context) {
      const host = hostNamed(args[0]);
      await resumeHost(context, host);
      return findPeer(tablesOf(context), host, context.now().toISOString());
    },
  },
];

function stateNamed(value: unknown): DeliveryState | undefined {
  if (value === undefined) return undefined;
  const state = deliveryStates.find((one) => one === value);
  if (state) return state;
  const allowed = deliveryStates.join(', ');
  throw new InvalidError(
    'federation.state',
    `--state ${String(value)} cannot be used: give one of ${allowed}.`,
  );
}

function healthNamed(value: unknown): HealthWord | undefined {
  if (value === undefined) return undefined;
  const word = healthWords.find((one) => one === value);
  if (word) return word;
  const allowed = healthWords.join(', ');
  throw new InvalidError(
    'federation.health',
    `--health ${String(value)} cannot be used: give one of ${allowed}.`,
  );
}

function hostNamed(value = ''): string {
  if (value === '') throw new InvalidError('federation.usage', 'Name a server, such as mastodon.example.');
  return value.toLowerCase();
}

function presentDelivery(entry: DeliveryEntry) {
  const { id, activity, inbox, host, state, attempts, nextAttemptAt, lastStatus, lastError } = entry;
  return { id, activity, inbox, host, state, attempts, nextAttemptAt, lastStatus, lastError };
}

function textOption(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
