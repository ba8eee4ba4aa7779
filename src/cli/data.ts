import type { Command } from 'commander';
import { backUp } from '../backup/backup.ts';
import { restore } from '../backup/restore.ts';
import { readConfig } from '../config.ts';
import { print, withBlog } from './run.ts';

/** `outpost backup` */
export function addBackupCommand(program: Command): void {
  program
    .command('backup <file>')
    .description('write everything that must be kept into one file; safe while the blog runs')
    .action((file: string, _: object, command: Command) =>
      withBlog(async (_deps, core) => print(command, await backUp(core, file))),
    );
}

/** `outpost restore` */
export function addRestoreCommand(program: Command): void {
  program
    .command('restore <file>')
    .description('put a backup in the place of what is here; the blog must be stopped')
    .action(async (file: string, _: object, command: Command) =>
      print(command, await restore(readConfig(), file)),
    );
}
