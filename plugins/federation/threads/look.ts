import { z } from 'outpost/plugin';
import { fetchUnidentified } from '../actors/fetch-document.ts';
import { isOurs } from '../addresses.ts';
import { type FederationContext, tablesOf } from '../context.ts';
import { idOfRef } from '../inbox/agree.ts';
import { findTarget } from '../inbox/local-target.ts';
import { readCollection } from '../vocabulary/collection.ts';
import { sameOrigin } from '../vocabulary/ids.ts';
import { changeAnswer, findAnswer } from './answer-store.ts';
import type { AnswerRow } from './answer-table.ts';
import { fetchObject } from './fetch-object.ts';
import { lookSoon, nextLook, planOf } from './look-plan.ts';
import { climbOn } from './place-answer.ts';

const lookJob = z.object({ id: z.string() });

const mostPages = 10;
const mostItems = 500;
/** How many finds of one server are asked for in an hour. */
const finds = { max: 500, windowSeconds: 3600 };

/**
 * Asks the server of an answer which answers to it are known there, and for each that is not known here asks its own
 * server. What a collection says about anything but its own items' ids is not read.
 * Source: ActivityStreams 2.0 Vocabulary, `replies`; FEP-7888 (`context`)
 */
export async function look(payload: unknown, context: FederationContext): Promise<void> {
  const { id } = lookJob.parse(payload);
  const row = await findAnswer(tablesOf(context), id);
  if (row?.state !== 'here' || (await findTarget(context, id)) === null) {
    // What is due stands before others for as long as it is due.
    await changeAnswer(tablesOf(context), id, { look_at: null });
    return;
  }
  const found = await findIds(context, await withAddresses(context, row));
  const news: string[] = [];
  for (const one of found) {
    if (isOurs(context.origin, one) || (await findAnswer(tablesOf(context), one))) continue;
    if ((await context.rateLimit(`found ${new URL(one).host}`, finds)) === null) news.push(one);
  }
  for (const one of news) await climbOn(context, [one]);
  if (row.look_at !== null && row.look_at <= context.now().toISOString()) {
    const looks = row.looks + 1;
    await changeAnswer(tablesOf(context), id, { looks, look_at: nextLook(context, looks) });
  }
  context.log.info({ object: id, found: found.length, news: news.length }, 'looked for answers');
}

/** Looks wherever the time has come: what the schedule runs. */
export async function lookAround(_payload: unknown, context: FederationContext): Promise<void> {
  const due = await tablesOf(context)
    .selectFrom('plugin_federation_answers')
    .select('id')
    .where('look_at', '<=', context.now().toISOString())
    .orderBy('look_at')
    .limit(200)
    .execute();
  await lookSoon(
    context,
    due.map((row) => row.id),
  );
}

/** Orders a look for answers to every answer below a post. Gives how many. */
export async function lookBelow(context: FederationContext, postId: string): Promise<number> {
  const rows = await tablesOf(context)
    .selectFrom('plugin_federation_answers')
    .select('id')
    .where('post_id', '=', postId)
    .where('state', '=', 'here')
    .limit(1000)
    .execute();
  await lookSoon(
    context,
    rows.map((row) => row.id),
  );
  return rows.length;
}

/** Some send an answer without saying where its own answers are; its server says so. */
async function withAddresses(context: FederationContext, row: AnswerRow): Promise<AnswerRow> {
  if (row.replies_url !== null || row.context_url !== null) return row;
  const answer = await fetchObject(context, row.id, { budget: { left: 4 } });
  if (answer.kind !== 'object') return row;
  const { replies_url, context_url } = planOf(context, answer).row;
  await changeAnswer(tablesOf(context), row.id, { replies_url, context_url });
  return { ...row, replies_url, context_url };
}

async function findIds(context: FederationContext, row: AnswerRow): Promise<string[]> {
  const ids = new Set<string>();
  const left = { pages: mostPages };
  if (row.replies_url !== null) await readPages(context, row.replies_url, { ids, left });
  if (row.context_url !== null && (await isFirstOf(context, row)))
    await readPages(context, row.context_url, { ids, left });
  ids.delete(row.id);
  return [...ids];
}

/** A discussion that several answers name is read for the first of them. */
async function isFirstOf(context: FederationContext, row: AnswerRow): Promise<boolean> {
  const first = await tablesOf(context)
    .selectFrom('plugin_federation_answers')
    .select('id')
    .where('post_id', '=', row.post_id)
    .where('context_url', '=', row.context_url)
    .where('state', '=', 'here')
    .orderBy('created_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return first?.id === row.id;
}

/** Reads a collection page by page, on its own server, without going in circles. */
async function readPages(
  context: FederationContext,
  address: string,
  { ids, left }: { ids: Set<string>; left: { pages: number } },
): Promise<void> {
  const seen = new Set<string>();
  for (let next: string | null = address; next !== null && left.pages > 0 && ids.size < mostItems; ) {
    if (seen.has(next) || !sameOrigin(next, address)) return;
    seen.add(next);
    left.pages -= 1;
    const answer = await fetchUnidentified(context, next, { timeoutMs: 10_000 });
    const reading = answer.kind === 'document' ? readCollection(answer.json) : null;
    if (reading?.kind !== 'collection') return;
    for (const item of reading.collection.items) {
      const id = idOfRef(item);
      if (id !== null && ids.size < mostItems) ids.add(id);
    }
    next = reading.collection.next;
  }
}
