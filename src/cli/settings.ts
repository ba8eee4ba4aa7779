import type { Command } from 'commander';
import { NotFoundError } from '../errors.ts';
import { changeSettings, siteSettings, siteSettingsSchema } from '../settings/site-settings.ts';
import { print, withBlog } from './run.ts';

/** A value as typed on a command line: true, false and numbers mean what they say where the setting is of that kind. */
function readValue(key: string, value: string): unknown {
  const sample = siteSettingsSchema.parse({})[key as keyof typeof siteSettingsSchema.shape];
  if (typeof sample === 'boolean')
    return value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value;
  return value;
}

/** `outpost settings …` */
export function addSettingsCommands(program: Command): void {
  const settings = program.command('settings').description('what the owner decides about the whole blog');
  settings
    .command('get [key]')
    .description('all settings, or one')
    .action((key: string | undefined, _: object, command: Command) =>
      withBlog(async (deps) => {
        const values: Record<string, unknown> = await siteSettings(deps.db);
        if (key !== undefined && !Object.hasOwn(values, key)) {
          throw new NotFoundError(
            'settings.unknown',
            `There is no setting ${key}. There are: ${Object.keys(values).join(', ')}.`,
          );
        }
        print(command, key === undefined ? values : { [key]: values[key] });
      }),
    );
  settings
    .command('set <key> <value>')
    .description('change a setting')
    .action((key: string, value: string, _: object, command: Command) =>
      withBlog(async (deps) => {
        const values: Record<string, unknown> = await changeSettings(deps, { [key]: readValue(key, value) });
        print(command, { [key]: values[key] });
      }),
    );
}
