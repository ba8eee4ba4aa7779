import path from 'node:path';
import type { z } from 'zod';
import { countComments } from '../comments/comment-store.ts';
import type { Deps } from '../deps.ts';
import { InvalidError } from '../errors.ts';
import { createRateLimiter } from '../http/rate-limit.ts';
import { createViews } from '../http/views.ts';
import { newId } from '../ids.ts';
import { pictureLink } from '../pictures/picture-address.ts';
import { countPosts } from '../posts/post-store.ts';
import { keepOrigin } from '../settings/kept-origin.ts';
import { getSetting, putSetting } from '../settings/setting-store.ts';
import { siteSettings } from '../settings/site-settings.ts';
import { createUrls } from '../urls.ts';
import { isAuthor } from '../users/user.ts';
import { listUsers } from '../users/user-store.ts';
import type { BaseContext, Permission, PluginContext, PluginDefinition } from './api.ts';
import { capabilitiesFor } from './grant.ts';
import { readPostFields } from './post-fields.ts';

/** Where a plugin's assets are served. */
export function assetUrl(pluginId: string): string {
  return `/assets/plugins/${pluginId}`;
}

/** The setting under which a plugin's own settings are kept. */
export function pluginSettingKey(pluginId: string): string {
  return `plugin.${pluginId}`;
}

/** A plugin's settings with its defaults filled in; what no longer fits its schema falls back to the default. */
export async function readPluginSettings(
  deps: Pick<Deps, 'db'>,
  definition: PluginDefinition,
): Promise<Record<string, unknown>> {
  if (!definition.settings) return {};
  const stored = await getSetting(deps.db, pluginSettingKey(definition.id));
  const parsed = definition.settings.safeParse(stored ?? {});
  return parsed.success ? parsed.data : definition.settings.parse({});
}

/**
 * Changes a plugin's settings.
 * @throws InvalidError with the fields that are wrong
 */
export async function writePluginSettings(
  deps: Pick<Deps, 'db' | 'counters'>,
  definition: PluginDefinition,
  change: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  if (!definition.settings)
    throw new InvalidError('plugin.no_settings', `The plugin ${definition.id} has no settings.`);
  const parsed = definition.settings.safeParse({
    ...(await readPluginSettings(deps, definition)),
    ...change,
  });
  if (!parsed.success) {
    const fields = Object.fromEntries(
      parsed.error.issues.map((issue: z.core.$ZodIssue) => [String(issue.path[0]), issue.message]),
    );
    throw new InvalidError('plugin.settings', Object.values(fields).join(' '), fields, 422);
  }
  await putSetting(deps.db, pluginSettingKey(definition.id), parsed.data);
  await deps.counters.bump(deps.db, 'site');
  return parsed.data;
}

type Found = { definition: PluginDefinition; folder: string };

/**
 * The context of one plugin: the base and what its permissions grant. What was not asked for is not there.
 * @param service finds what another plugin offers
 */
export function createContext(
  deps: Deps,
  { definition, folder }: Found,
  service: (pluginId: string) => unknown,
): PluginContext<Permission, Record<string, unknown>, Record<string, unknown>> {
  const { id } = definition;
  const urls = createUrls(deps.config.origin);
  const limiter = createRateLimiter(deps.clock);
  const views =
    definition.views &&
    createViews({
      root: path.join(folder, definition.views),
      assets: { folder: path.join(folder, definition.assets ?? 'assets'), url: assetUrl(id) },
    });
  let kept: { version: number; values: Record<string, unknown> } | null = null;
  const kindOf = (name: string) => {
    if (!definition.jobs || !Object.hasOwn(definition.jobs, name))
      throw new Error(`The plugin ${id} declares no job ${name}.`);
    return `plugin:${id}:${name}`;
  };
  const base: BaseContext<Record<string, unknown>, Record<string, unknown>> = {
    pluginId: id,
    log: deps.log.child({ plugin: id }),
    now: () => deps.clock.now(),
    newId,
    origin: deps.config.origin,
    async site() {
      const settings = await siteSettings(deps.db);
      const authors = (await listUsers(deps.db, { limit: 10_000 })).filter(isAuthor);
      return {
        origin: deps.config.origin,
        title: settings.title,
        tagline: settings.tagline,
        language: settings.language,
        commentsOpen: settings.commentsOpen,
        version: deps.config.version,
        userCount: authors.length,
        postCount: await countPosts(deps.db, { type: 'post', status: 'published' }),
        commentCount: await countComments(deps.db, {
          status: 'approved',
          source: 'web',
          onPublicPosts: true,
        }),
      };
    },
    settings: {
      async get() {
        // Every change of settings is a change of the site.
        const version = deps.counters.get('site');
        if (kept?.version !== version) kept = { version, values: await readPluginSettings(deps, definition) };
        return { ...kept.values };
      },
      set: (change) => writePluginSettings(deps, definition, change),
    },
    postFields: (postId) => readPostFields(deps, definition, postId),
    urls: {
      ...urls,
      picture: pictureLink(deps),
      asset: (file) => `${deps.config.origin}${assetUrl(id)}/${file}`,
      admin: (page) => `${deps.config.origin}/admin/${id}${page === '' ? '' : `/${page}`}`,
    },
    views: {
      render(view, data) {
        if (!views) throw new Error(`The plugin ${id} declares no folder of views.`);
        return views.render(view, data);
      },
    },
    jobs: {
      add(trx, name, payload, options = {}) {
        return base.jobs.addAll(trx, name, [{ payload, ...options }]);
      },
      async addAll(trx, name, inputs) {
        const kind = kindOf(name);
        // A plugin's transaction is one of this database, whatever tables its type names.
        await deps.jobs.add((trx ?? deps.db) as Deps['db'], ...inputs.map((input) => ({ kind, ...input })));
      },
    },
    actions: {
      async add(trx, name, payload) {
        if (definition.hooks?.[name]?.kind !== 'action')
          throw new Error(`The plugin ${id} declares no action ${name}.`);
        await deps.hooks.actions.add((trx ?? deps.db) as Deps['db'], name, payload);
      },
    },
    filters: deps.hooks.filters,
    async refreshPages(trx, postId) {
      await deps.counters.bump(
        (trx ?? deps.db) as Deps['db'],
        postId === undefined ? 'site' : `post:${postId}`,
      );
    },
    pagesVersion: (postId) =>
      deps.counters.get('site') + (postId === undefined ? 0 : deps.counters.get(`post:${postId}`)),
    service,
    secrets: {
      seal: (purpose, text) => deps.secrets.seal(`plugin ${id} ${purpose}`, text),
      open: (purpose, sealed) => deps.secrets.open(`plugin ${id} ${purpose}`, sealed),
      sign: (purpose, text) => deps.secrets.sign(`plugin ${id} ${purpose}`, text),
      verify: (purpose, text, signature) => deps.secrets.verify(`plugin ${id} ${purpose}`, text, signature),
    },
    rateLimit: async (key, limit) => limiter.hit(key, limit),
    keepOrigin: () => keepOrigin(deps),
    failpoint: deps.failpoint,
  };
  const grants = capabilitiesFor(deps, definition.source ?? id);
  const granted = Object.fromEntries(
    (definition.permissions ?? []).map((permission) => [permission, grants[permission]()]),
  );
  // Only what was asked for is there; the type of each plugin's context says the same.
  return Object.freeze({ ...base, ...granted }) as PluginContext<
    Permission,
    Record<string, unknown>,
    Record<string, unknown>
  >;
}
