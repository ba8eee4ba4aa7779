import { schedule as cronSchedule, validate as isCron, type ScheduledTask } from 'node-cron';
import type { Deps } from '../deps.ts';
import { claimMoment } from '../jobs/claim-moment.ts';
import { runAs } from './attribution.ts';
import type { ActivePlugin, AnyContext } from './host.ts';

type Report = (pluginId: string, where: string, error: unknown) => void;

function listen(deps: Deps, { definition, context }: ActivePlugin): void {
  for (const [name, doc] of Object.entries(definition.hooks ?? {})) deps.hooks.declare(name, doc);
  const actions = Object.entries(definition.actions ?? {}).map(([name, listener]) => {
    const run = listener as (payload: unknown, context: AnyContext, signal: AbortSignal) => Promise<void>;
    const listen = (payload: unknown, signal: AbortSignal) =>
      runAs(definition.id, () => run(payload, context, signal));
    return [name, listen] as const;
  });
  const filters = Object.entries(definition.filters ?? {}).map(([name, listener]) => {
    const run = listener as (
      value: unknown,
      about: unknown,
      context: AnyContext,
      signal: AbortSignal,
    ) => unknown;
    const filter = (value: unknown, about: unknown, signal: AbortSignal) =>
      runAs(definition.id, () => run(value, about, context, signal));
    return [name, filter] as const;
  });
  deps.hooks.subscribe(definition.id, {
    actions: Object.fromEntries(actions),
    filters: Object.fromEntries(filters),
  });
}

function takeJobs(deps: Deps, { definition, context }: ActivePlugin): void {
  for (const [name, job] of Object.entries(definition.jobs ?? {})) {
    deps.jobs.define({
      kind: `plugin:${definition.id}:${name}`,
      concurrency: job.concurrency,
      deadlineMs: job.deadlineMs,
      repeatable: job.repeatable,
      handler: ({ payload, id, attempts, maxAttempts }, signal) =>
        runAs(definition.id, () =>
          job.handler(payload, context as never, { id, attempts, maxAttempts, signal }),
        ),
    });
  }
}

/** Every node's clock ticks; the first to say so puts the job into the queue. */
function keepTime(deps: Deps, { definition, context }: ActivePlugin, report: Report): ScheduledTask[] {
  return (definition.schedules ?? []).map(({ cron, job, payload }) =>
    cronSchedule(cron, async ({ date }) => {
      try {
        const moment = date.toISOString().slice(0, 19);
        if (await claimMoment(deps.db, `schedule.${definition.id}.${job}.${cron}`, moment))
          await context.jobs.add(null, job, payload ?? null, { uniqueKey: `schedule ${cron}` });
      } catch (error) {
        report(definition.id, `schedule ${cron}`, error);
      }
    }),
  );
}

function checkSchedules({ definition }: ActivePlugin): void {
  for (const { cron, job } of definition.schedules ?? []) {
    if (!isCron(cron))
      throw new Error(`The plugin ${definition.id} has a schedule that cannot be read: ${cron}.`);
    if (!definition.jobs || !Object.hasOwn(definition.jobs, job))
      throw new Error(`The plugin ${definition.id} schedules the job ${job}, which it does not declare.`);
  }
}

/**
 * Connects a plugin with the hooks, the queue and the clock; gives what undoes it.
 * @throws Error for a hook, a schedule or a job that does not exist; nothing is connected then
 */
export function connectPlugin(deps: Deps, plugin: ActivePlugin, report: Report): () => void {
  const { definition } = plugin;
  checkSchedules(plugin);
  listen(deps, plugin);
  takeJobs(deps, plugin);
  const tasks = keepTime(deps, plugin, report);
  return () => {
    deps.hooks.unsubscribe(definition.id);
    for (const name of Object.keys(definition.jobs ?? {}))
      deps.jobs.undefine(`plugin:${definition.id}:${name}`);
    for (const task of tasks) void task.destroy();
  };
}
