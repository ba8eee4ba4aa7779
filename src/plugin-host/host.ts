import { migrate } from '../db/migrate.ts';
import { databaseUnavailable } from '../db/unavailable.ts';
import type { Deps } from '../deps.ts';
import { asError, ConflictError, NotFoundError } from '../errors.ts';
import type { AdminPage, Permission, PluginContext, PluginDefinition, Representation, Route } from './api.ts';
import { pluginBehind, runAs } from './attribution.ts';
import { connectPlugin } from './connect.ts';
import { createContext } from './context.ts';
import { withinDeadline } from './deadline.ts';
import { decideFirstStates } from './first-states.ts';
import { type FoundPlugin, loadPlugins, type PluginSource, stampOf } from './load.ts';
import { pluginStates, putPluginState } from './plugin-store.ts';
import { createRouteTable, type RouteTable } from './routing.ts';
import { requireFreeForms } from './validate.ts';

/** A context whose plugin is not known to the host in particular. */
export type AnyContext = PluginContext<Permission, Record<string, unknown>, Record<string, unknown>>;

/** A plugin that is on. */
export type ActivePlugin = {
  definition: PluginDefinition;
  folder: string;
  stamp: string;
  context: AnyContext;
};

/** A plugin as the list shows it. `status` is `on`, `off`, or `failed` with `error`. */
export type PluginListing = {
  id: string;
  name: string;
  version: string;
  description: string;
  status: 'enabled' | 'disabled' | 'failed';
  source: PluginSource;
  error: string | null;
  permissions: readonly string[];
  definition: PluginDefinition | null;
  folder: string;
};

type OwnedRoute = Route<AnyContext> & { plugin: ActivePlugin };

export type PluginHost = {
  /** Switches on what the owner has switched on. A plugin that cannot be started is left off, with the reason. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Does what was decided elsewhere, on the command line or another node. */
  refresh(): Promise<void>;
  enable(id: string): Promise<PluginListing>;
  disable(id: string): Promise<PluginListing>;
  list(): Promise<PluginListing[]>;
  active(): readonly ActivePlugin[];
  /** The plugin behind an error that nobody caught; also one that is off again, since its timers may run on. */
  behind(error: unknown): string | null;
  find(id: string): ActivePlugin | null;
  routes(): RouteTable<OwnedRoute>;
  representations(of: 'post' | 'author'): readonly (Representation<AnyContext> & { plugin: ActivePlugin })[];
  adminPages(): readonly (AdminPage<AnyContext> & { plugin: ActivePlugin })[];
  /**
   * Notes that a plugin has failed outside its hooks; one that keeps failing is switched off.
   * @param byStranger it answered somebody who is not signed in: anybody can have that happen as often as they like, so it
   *   switches nothing off
   */
  failed(id: string, where: string, error: unknown, byStranger?: boolean): void;
  /** Called whenever a plugin was switched, so that nothing made with it is kept. */
  onSwitch(listener: () => void): void;
};

const startDeadlineMs = 10_000;
const stopDeadlineMs = 1500;
const maxFailures = 20;
const failureWindowMs = 10 * 60_000;

/** Makes the host. Whatever a plugin does wrong stays that plugin's failure. */
export function createPluginHost(deps: Deps): PluginHost {
  const active = new Map<string, ActivePlugin>();
  const known = new Map<string, string>();
  const disconnects = new Map<string, () => void>();
  const failures = new Map<string, number[]>();
  const listeners = new Set<() => void>();
  let table: RouteTable<OwnedRoute> = createRouteTable<OwnedRoute>([]);
  let switching: Promise<unknown> = Promise.resolve();

  /** One switch after the other. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = switching.then(work, work);
    switching = turn.catch((error: unknown) =>
      deps.log.debug({ err: error }, 'a plugin could not be switched'),
    );
    return turn;
  }

  const ownedRoutes = (plugin: ActivePlugin): OwnedRoute[] =>
    (plugin.definition.routes ?? []).map((route) => ({ ...route, plugin }));

  function failed(id: string, where: string, thrown: unknown, byStranger = false): void {
    const error = asError(thrown);
    deps.log.error({ plugin: id, where, err: error }, 'plugin failed');
    // Not its fault, and nothing that switching it off would mend.
    if (byStranger || databaseUnavailable(error) !== null) return;
    const now = Date.now();
    const recent = [...(failures.get(id) ?? []).filter((at) => now - at < failureWindowMs), now];
    failures.set(id, recent);
    if (recent.length < maxFailures || !active.has(id)) return;
    const text = `It was switched off after ${recent.length} failures within ten minutes; the last, in ${where}: ${error.message}`;
    failures.delete(id);
    inTurn(() => turnOff(id, text)).catch((failure: unknown) =>
      deps.log.error({ plugin: id, err: failure }, 'plugin could not be switched off'),
    );
  }

  async function turnOn(found: FoundPlugin): Promise<void> {
    const { definition, folder, stamp } = found;
    if (!definition) throw new Error(found.error ?? `The plugin ${found.id} cannot be read.`);
    const missing = (definition.requires ?? []).filter((id) => !active.has(id));
    if (missing.length > 0)
      throw new Error(`The plugin ${found.id} needs ${missing.join(' and ')} to be on.`);
    if (definition.migrations) await migrate(deps.db, definition.id, definition.migrations);
    const context = createContext(deps, { definition, folder }, serviceOf);
    const plugin = { definition, folder, stamp, context };
    known.set(definition.id, folder);
    const next = createRouteTable([...[...active.values()].flatMap(ownedRoutes), ...ownedRoutes(plugin)]);
    requireFreeForms(plugin, [...active.values()]);
    const disconnect = connectPlugin(deps, plugin, failed);
    try {
      await withinDeadline(`start of ${found.id}`, startDeadlineMs, () =>
        runAs(definition.id, () => definition.start?.(context as never)),
      );
    } catch (error) {
      disconnect();
      throw error;
    }
    active.set(definition.id, plugin);
    disconnects.set(definition.id, disconnect);
    table = next;
    for (const listener of listeners) listener();
  }

  /** Takes a plugin out of this process. */
  async function release(id: string): Promise<void> {
    const plugin = active.get(id);
    if (!plugin) return;
    active.delete(id);
    disconnects.get(id)?.();
    disconnects.delete(id);
    table = createRouteTable([...active.values()].flatMap(ownedRoutes));
    for (const listener of listeners) listener();
    try {
      await withinDeadline(`stop of ${id}`, stopDeadlineMs, () =>
        runAs(id, () => plugin.definition.stop?.(plugin.context as never)),
      );
    } catch (error) {
      deps.log.error({ plugin: id, err: error }, 'plugin failed while it was stopped');
    }
  }

  async function turnOff(id: string, error: string | null): Promise<void> {
    const needing = [...active.values()].filter(({ definition }) => definition.requires?.includes(id));
    if (needing.length > 0 && error === null) {
      throw new ConflictError(
        'plugin.required',
        `${needing.map(({ definition }) => definition.name).join(' and ')} needs it. Switch that off first.`,
      );
    }
    await putPluginState(deps.db, { id, enabled: false, error }, deps.clock.iso());
    await deps.counters.bump(deps.db, 'site', 'plugins');
    await release(id);
  }

  function serviceOf(id: string): unknown {
    const plugin = active.get(id);
    try {
      return (plugin && runAs(id, () => plugin.definition.service?.(plugin.context as never))) ?? null;
    } catch (error) {
      failed(id, 'service', error);
      return null;
    }
  }

  /** Tries to switch on; the reason is kept where the list can show it. */
  async function tryOn(found: FoundPlugin): Promise<boolean> {
    try {
      await turnOn(found);
      return true;
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      deps.log.error({ plugin: found.id, err: error }, 'plugin could not be switched on');
      await putPluginState(deps.db, { id: found.id, enabled: true, error: text }, deps.clock.iso());
      return false;
    }
  }

  async function synchronise(): Promise<void> {
    const states = await pluginStates(deps.db);
    const wanted = new Set([...states.values()].filter((state) => state.enabled).map((state) => state.id));
    for (const [id, plugin] of active)
      if (!wanted.has(id) || stampOf(plugin.folder) !== plugin.stamp) await release(id);
    const missing = new Set([...wanted].filter((id) => !active.has(id) && !states.get(id)?.error));
    if (missing.size === 0) return;
    const waiting = await loadPlugins(deps.config, missing);
    // What another waits for goes first; what waits for something that is not there says so.
    while (waiting.length > 0) {
      const needsWaiting = ({ definition }: FoundPlugin) =>
        definition?.requires?.some((id) => waiting.some((other) => other.id === id));
      const next = Math.max(
        0,
        waiting.findIndex((plugin) => !needsWaiting(plugin)),
      );
      for (const found of waiting.splice(next, 1)) await tryOn(found);
    }
  }

  async function listing(id: string): Promise<PluginListing> {
    const plugin = (await host.list()).find((entry) => entry.id === id);
    if (!plugin) throw new NotFoundError('plugin.not_found', `There is no plugin ${id}.`);
    return plugin;
  }

  const host: PluginHost = {
    start: () =>
      inTurn(async () => {
        await decideFirstStates(deps);
        // What failed at the last start is tried again at this one.
        for (const state of (await pluginStates(deps.db)).values()) {
          if (state.enabled && state.error)
            await putPluginState(deps.db, { ...state, error: null }, deps.clock.iso());
        }
        await synchronise();
      }),
    stop: () => inTurn(async () => void (await Promise.all([...active.keys()].map(release)))),
    refresh: () => inTurn(synchronise),
    enable: (id) =>
      inTurn(async () => {
        const [found] = await loadPlugins(deps.config, new Set([id]));
        if (!found) throw new NotFoundError('plugin.not_found', `There is no plugin ${id}.`);
        if (!active.has(id)) {
          try {
            await turnOn(found);
          } catch (error) {
            const text = error instanceof Error ? error.message : String(error);
            await putPluginState(deps.db, { id, enabled: false, error: text }, deps.clock.iso());
            throw new ConflictError('plugin.failed', text);
          }
        }
        await putPluginState(deps.db, { id, enabled: true, error: null }, deps.clock.iso());
        await deps.counters.bump(deps.db, 'site', 'plugins');
        return listing(id);
      }),
    disable: (id) =>
      inTurn(async () => {
        await listing(id);
        await turnOff(id, null);
        return listing(id);
      }),
    async list() {
      await decideFirstStates(deps);
      const states = await pluginStates(deps.db);
      return (await loadPlugins(deps.config)).map(({ id, folder, source, definition, error }) => {
        const state = states.get(id);
        const problem = error ?? state?.error ?? null;
        return {
          id,
          name: definition?.name ?? id,
          version: definition?.version ?? '',
          description: definition?.description ?? '',
          status: problem ? 'failed' : state?.enabled ? 'enabled' : 'disabled',
          source,
          error: problem,
          permissions: definition?.permissions ?? [],
          definition,
          folder,
        };
      });
    },
    active: () => [...active.values()],
    behind: (error) =>
      pluginBehind(
        error,
        [...known].map(([id, folder]) => ({ id, folder })),
      ),
    find: (id) => active.get(id) ?? null,
    routes: () => table,
    representations: (of) =>
      [...active.values()].flatMap((plugin) =>
        (plugin.definition.representations ?? [])
          .filter((entry) => entry.of === of)
          .map((entry) => ({ ...entry, plugin })),
      ) as never,
    adminPages: () =>
      [...active.values()].flatMap((plugin) =>
        (plugin.definition.adminPages ?? []).map((page) => ({ ...page, plugin })),
      ) as never,
    failed,
    onSwitch: (listener) => void listeners.add(listener),
  };
  deps.hooks.onFailure(failed);
  return host;
}
