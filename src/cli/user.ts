import type { Command } from 'commander';
import { createUser, deleteUser, setPassword } from '../users/accounts.ts';
import { roles } from '../users/user.ts';
import { listUsers } from '../users/user-store.ts';
import { presentUser } from './present.ts';
import { asList, print, readList, userNamed, withBlog } from './run.ts';
import { UsageError } from './usage-error.ts';

/** `outpost user …` */
export function addUserCommands(program: Command): void {
  const user = program.command('user').description('people with an account');
  user
    .command('create')
    .description('make an account')
    .requiredOption('--username <name>', 'the name to sign in with, and the first public handle')
    .requiredOption('--email <address>', 'where mail reaches them')
    .requiredOption('--password <password>', 'at least 8 characters')
    .requiredOption('--role <role>', `one of ${roles.join(', ')}`)
    .option('--name <name>', 'the name that readers see')
    .action(
      (
        options: { username: string; email: string; password: string; role: string; name?: string },
        command: Command,
      ) =>
        withBlog(async (deps) => {
          const role = roles.find((known) => known === options.role);
          if (!role)
            throw new UsageError(`There is no role ${options.role}; give one of ${roles.join(', ')}.`);
          print(command, presentUser(deps, await createUser(deps, { ...options, role })));
        }),
    );
  asList(user.command('list').description('everybody with an account')).action(
    (options: { limit: string; after?: string }, command: Command) =>
      withBlog(async (deps) =>
        print(
          command,
          (await listUsers(deps.db, readList(options))).map((one) => presentUser(deps, one)),
        ),
      ),
  );
  user
    .command('password <username>')
    .description('set a password; every session of theirs ends')
    .requiredOption('--password <password>', 'at least 8 characters')
    .action((username: string, { password }: { password: string }, command: Command) =>
      withBlog(async (deps) => {
        const found = await userNamed(deps, username);
        print(command, presentUser(deps, await setPassword(deps, found.id, password)));
      }),
    );
  user
    .command('delete <username>')
    .description('remove an account; the posts go to somebody else')
    .requiredOption('--reassign <username>', 'who gets the posts')
    .action((username: string, { reassign }: { reassign: string }, command: Command) =>
      withBlog(async (deps) => {
        const [found, heir] = [await userNamed(deps, username), await userNamed(deps, reassign)];
        print(command, presentUser(deps, await deleteUser(deps, found.id, { reassignTo: heir.id })));
      }),
    );
}
