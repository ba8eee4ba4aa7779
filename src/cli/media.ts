import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { InvalidError } from '../errors.ts';
import { addMedia, deleteMedia } from '../media/add-media.ts';
import { listMedia } from '../media/media-store.ts';
import { presentMedium } from './present.ts';
import { asList, print, readList, withBlog } from './run.ts';

/** `outpost media …` */
export function addMediaCommands(program: Command): void {
  const media = program.command('media').description('pictures and other files');
  media
    .command('add <file>')
    .description('add a file to the library')
    .requiredOption('--alt <text>', 'what it shows, in words')
    .action((file: string, { alt }: { alt: string }, command: Command) =>
      withBlog(async (deps) => {
        let bytes: Buffer;
        try {
          bytes = await readFile(file);
        } catch (error) {
          throw new InvalidError(
            'cli.file',
            `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
          );
        }
        print(command, presentMedium(deps, await addMedia(deps, { bytes, alt, userId: null })));
      }),
    );
  asList(media.command('list').description('the library, newest first')).action(
    (options: { limit: string; after?: string }, command: Command) =>
      withBlog(async (deps) =>
        print(
          command,
          (await listMedia(deps.db, readList(options))).map((medium) => presentMedium(deps, medium)),
        ),
      ),
  );
  media
    .command('delete <id>')
    .description('remove a file')
    .action((id: string, _: object, command: Command) =>
      withBlog(async (deps) => print(command, presentMedium(deps, await deleteMedia(deps, id)))),
    );
}
