import type { JobDefinition, Schedule } from 'outpost/plugin';
import { fetchCards, refreshCards } from './cards/fetch-cards.ts';
import { tellLater } from './communities/tell-communities.ts';
import type { FederationContext } from './context.ts';
import { deliverLane } from './delivery/deliver.ts';
import { greetHost } from './delivery/greet-host.ts';
import { learnSoftware } from './delivery/learn-software.ts';
import { tendHosts } from './delivery/tend-hosts.ts';
import { keepHouse } from './housekeeping.ts';
import { handleArrival } from './inbox/handle-activity.ts';
import { sendNotices } from './notices/send-notices.ts';
import { climb } from './threads/climb.ts';
import { look, lookAround } from './threads/look.ts';

/** What federation does from the queue. */
export const federationJobs: Readonly<Record<string, JobDefinition<FederationContext>>> = {
  // Mostly waiting for others; a dead server must not take the place of one that answers.
  deliver: { concurrency: 256, deadlineMs: 120_000, repeatable: true, handler: deliverLane },
  inbox: { concurrency: 32, deadlineMs: 60_000, repeatable: true, handler: handleArrival },
  communities: { concurrency: 2, deadlineMs: 120_000, handler: tellLater },
  // What others are asked for in their own time.
  climb: { concurrency: 4, deadlineMs: 120_000, handler: climb },
  look: { concurrency: 2, deadlineMs: 180_000, handler: look },
  'look-around': { concurrency: 1, handler: lookAround },
  cards: { concurrency: 2, deadlineMs: 120_000, handler: fetchCards },
  'refresh-cards': { concurrency: 1, deadlineMs: 300_000, handler: refreshCards },
  notices: { concurrency: 1, handler: sendNotices },
  greet: { concurrency: 2, repeatable: true, handler: greetHost },
  'tend-hosts': { concurrency: 1, handler: tendHosts },
  'learn-software': { concurrency: 1, deadlineMs: 300_000, handler: learnSoftware },
  'keep-house': { concurrency: 1, deadlineMs: 300_000, handler: keepHouse },
};

/** What it does regularly. News of the day are mailed even where nothing else happens. */
export const schedules: readonly Schedule[] = [
  { cron: '17 4 * * *', job: 'keep-house' },
  { cron: '7 8 * * *', job: 'notices' },
  { cron: '41 * * * *', job: 'refresh-cards' },
  { cron: '*/20 * * * *', job: 'learn-software' },
  { cron: '*/10 * * * *', job: 'tend-hosts' },
  { cron: '*/5 * * * *', job: 'look-around' },
];
