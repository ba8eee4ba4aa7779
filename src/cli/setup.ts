import type { Command } from 'commander';
import { setUpSite } from '../setup/set-up-site.ts';
import { presentUser } from './present.ts';
import { print, withCore } from './run.ts';

type SetupOptions = { title: string; username: string; email: string; password: string; name?: string };

function whatComesNext(origin: string): string {
  return `Sign in at ${origin}/login. The blog answers there while it runs: npm start, or the service on a server.
Then publish the draft that waits under Posts, and say who you are under your name, lower left.`;
}

/** `outpost setup` */
export function addSetupCommand(program: Command): void {
  program
    .command('setup')
    .description('name the blog and make the first account')
    .requiredOption('--title <title>', "the blog's title")
    .requiredOption('--username <name>', 'the name to sign in with, and the public handle')
    .requiredOption('--email <address>', 'where mail reaches the owner')
    .requiredOption('--password <password>', 'at least 8 characters')
    .option('--name <name>', 'the name that readers see')
    .action((options: SetupOptions, command: Command) =>
      withCore(async ({ deps }) => {
        const { site, user } = await setUpSite(deps, options);
        const { title, tagline, language, timeZone } = site;
        print(
          command,
          {
            site: { title, tagline, language, timeZone, url: `${deps.config.origin}/` },
            user: presentUser(deps, user),
          },
          { next: whatComesNext(deps.config.origin) },
        );
      }),
    );
}
