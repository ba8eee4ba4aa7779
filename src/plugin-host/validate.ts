import { z } from 'zod';
import type { PluginDefinition } from './api.ts';

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

const shape = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'the id takes lower-case letters, digits and hyphens'),
  name: z.string().min(1),
  version: z.string().min(1),
  apiVersion: z.number(),
  requires: z.array(z.string()).optional(),
  permissions: z.array(z.enum(permissionNames)).optional(),
  routes: z
    .array(
      z.object({
        method: z.string(),
        path: z.string().startsWith('/'),
        access: z.enum(['public', 'admin', 'moderator', 'author']),
      }),
    )
    .optional(),
  migrations: z.record(z.string(), z.unknown()).optional(),
});

const known = new Set([
  'id',
  'name',
  'version',
  'apiVersion',
  'description',
  'requires',
  'permissions',
  'onByDefault',
  'settings',
  'migrations',
  'hooks',
  'actions',
  'filters',
  'routes',
  'representations',
  'adminPages',
  'jobs',
  'schedules',
  'commands',
  'health',
  'assets',
  'views',
  'service',
  'start',
  'stop',
]);

/**
 * The declaration that a module exports by default, checked.
 * @throws Error that says what is wrong with it and where
 */
export function checkDefinition(loaded: unknown, folderName: string): PluginDefinition {
  const exported =
    typeof loaded === 'object' && loaded !== null && 'default' in loaded ? loaded.default : undefined;
  const parsed = shape.safeParse(exported);
  if (!parsed.success || typeof exported !== 'object' || exported === null) {
    const issue = parsed.error?.issues[0];
    throw new Error(
      `The plugin ${folderName} must export definePlugin({…}) by default: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'nothing is exported'}.`,
    );
  }
  const { id, apiVersion: version } = parsed.data;
  const settings: unknown = 'settings' in exported ? exported.settings : undefined;
  if (id !== folderName)
    throw new Error(`The plugin in the folder ${folderName} calls itself ${id}; both must be the same.`);
  if (version !== apiVersion)
    throw new Error(
      `The plugin ${id} is made for version ${version} of the plugin API; this Outpost has version ${apiVersion}.`,
    );
  const strange = Object.keys(exported).filter((key) => !known.has(key));
  if (strange.length > 0)
    throw new Error(`The plugin ${id} declares ${strange.join(', ')}, which Outpost does not know.`);
  if (settings instanceof z.ZodType && !settings.safeParse({}).success) {
    throw new Error(`The plugin ${id} has settings without a default; give each one a default.`);
  }
  // The shape was checked above; functions are checked by their use, each failure contained.
  return exported as PluginDefinition;
}
