import { z } from 'zod';
import type { PluginDefinition } from './api.ts';
import { matchPath } from './routing.ts';

/** What the host can do with a declaration's version. */
export const apiVersion = 1;

export const permissionNames = [
  'posts',
  'users',
  'comments',
  'reactions',
  'database',
  'network',
  'mail',
] as const;

const access = z.enum(['public', 'admin', 'moderator', 'author']);
const work = z.custom((value) => typeof value === 'function', 'a function is expected');
const text = z.string();
const schema = z.custom((value) => value instanceof z.ZodObject, 'z.object({…}) is expected');

const shape = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'the id takes lower-case letters, digits and hyphens'),
  name: text.min(1),
  version: text.min(1),
  apiVersion: z.number(),
  description: text.optional(),
  source: text.regex(/^[a-z][a-z0-9-]*$/).optional(),
  requires: z.array(text).optional(),
  permissions: z.array(z.enum(permissionNames)).optional(),
  onByDefault: z.boolean().optional(),
  settings: schema.optional(),
  postFields: schema.optional(),
  migrations: z.record(text, z.object({ up: work })).optional(),
  hooks: z.record(text, z.object({ kind: z.enum(['action', 'filter']), about: text })).optional(),
  actions: z.record(text, work).optional(),
  filters: z.record(text, work).optional(),
  routes: z
    .array(
      z.object({
        method: z.enum(['GET', 'POST', 'PUT', 'DELETE']),
        path: text.startsWith('/'),
        access,
        body: z.object({ types: z.array(text), maxBytes: z.number() }).optional(),
        handler: work,
      }),
    )
    .optional(),
  representations: z
    .array(z.object({ of: z.enum(['post', 'author']), types: z.array(text).min(1), respond: work }))
    .optional(),
  adminPages: z
    .array(
      z.object({
        path: text,
        title: text,
        menu: z.boolean(),
        access: access.exclude(['public']),
        load: work,
        deeds: z.record(text, work).optional(),
      }),
    )
    .optional(),
  jobs: z.record(text, z.object({ handler: work })).optional(),
  schedules: z.array(z.object({ cron: text, job: text })).optional(),
  commands: z.array(z.object({ name: text, usage: text, about: text, run: work })).optional(),
  health: z.array(z.object({ name: text, run: work })).optional(),
  metrics: work.optional(),
  failpoints: z.array(text).optional(),
  assets: text.optional(),
  views: text.optional(),
  service: work.optional(),
  start: work.optional(),
  stop: work.optional(),
});

const ownTrees = ['admin', 'assets', 'media'];
/** One address of each kind that the core answers. */
const ownAddresses = [
  ...[
    '/',
    '/healthz',
    '/readyz',
    '/metrics',
    '/setup',
    '/login',
    '/logout',
    '/search',
    '/sitemap.xml',
    '/robots.txt',
  ],
  ...['/author/x', '/tag/x', '/category/x', '/a-post', '/a-post/comments'],
];

/** Whether a plugin's path would take an address away from the core. A fixed path of one part is left to the plugin. */
function isOfTheCore(path: string): boolean {
  const parts = path.split('/').slice(1);
  if (ownTrees.includes(parts[0] ?? '')) return true;
  return ownAddresses.some((address) => matchPath(parts, address) !== null);
}

/**
 * Checks that no other plugin offers the same media type on the same pages.
 * @throws Error that names both
 */
export function requireFreeForms(
  plugin: { definition: PluginDefinition },
  others: readonly { definition: PluginDefinition }[],
): void {
  for (const { of, types } of plugin.definition.representations ?? []) {
    for (const other of others) {
      const taken = other.definition.representations?.find(
        (entry) => entry.of === of && entry.types.some((type) => types.includes(type)),
      );
      if (taken)
        throw new Error(
          `The plugins ${plugin.definition.id} and ${other.definition.id} both answer for ${types.join(', ')} on the page of a ${of}; switch one of them off.`,
        );
    }
  }
}

/**
 * The declaration that a module exports by default, checked.
 * @throws Error that says what is wrong with it and where
 */
export function checkDefinition(loaded: unknown, folderName: string): PluginDefinition {
  const exported =
    typeof loaded === 'object' && loaded !== null && 'default' in loaded ? loaded.default : undefined;
  const parsed = shape.safeParse(exported);
  if (!parsed.success || typeof exported !== 'object' || exported === null) {
    const [issue] = parsed.error?.issues ?? [];
    if (issue?.code === 'unrecognized_keys')
      throw new Error(
        `The plugin ${folderName} declares ${issue.keys.join(', ')}, which Outpost does not know.`,
      );
    const where = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
    throw new Error(
      `The plugin ${folderName} must export definePlugin({…}) by default: ${where}${issue?.message ?? 'nothing is exported'}.`,
    );
  }
  const { id, apiVersion: version, settings, postFields, routes = [] } = parsed.data;
  if (id !== folderName)
    throw new Error(`The plugin in the folder ${folderName} calls itself ${id}; both must be the same.`);
  if (version !== apiVersion)
    throw new Error(
      `The plugin ${id} is made for version ${version} of the plugin API; this Outpost has version ${apiVersion}.`,
    );
  if (settings instanceof z.ZodObject && !settings.safeParse({}).success) {
    throw new Error(`The plugin ${id} has settings without a default; give each one a default.`);
  }
  if (postFields instanceof z.ZodObject && !postFields.safeParse({}).success) {
    throw new Error(`The plugin ${id} has fields of a post without a default; give each one a default.`);
  }
  for (const { method, path } of routes) {
    if (isOfTheCore(path))
      throw new Error(`The plugin ${id} claims ${method} ${path}, which is an address of Outpost itself.`);
  }
  // The shape was checked above; functions are checked by their use, each failure contained.
  return exported as PluginDefinition;
}
