import { Command, CommanderError } from 'commander';
import { addCommentCommands } from './cli/comment.ts';
import { addDataCommands } from './cli/data.ts';
import { addDoctorCommand } from './cli/doctor.ts';
import { addMediaCommands } from './cli/media.ts';
import { addPluginCommands } from './cli/plugin.ts';
import { addPluginNoun } from './cli/plugin-noun.ts';
import { addPostCommands } from './cli/post.ts';
import { addSettingsCommands } from './cli/settings.ts';
import { addSetupCommand } from './cli/setup.ts';
import { addUserCommands } from './cli/user.ts';
import { readVersion } from './config.ts';
import { OutpostError } from './errors.ts';

/** Words that the core itself knows; any other first word may be a plugin's. */
function createProgram(): Command {
  const program = new Command('outpost')
    .description('A blog whose posts live on the Fediverse.')
    .version(readVersion(), '-V, --version', 'print the version')
    .option('--json', 'print one JSON document and nothing else')
    .helpOption('-h, --help', 'show what can be said here')
    .showHelpAfterError('(--help shows what can be said here)')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  program
    .command('serve')
    .description('run the blog')
    .action(async () => {
      const { serve } = await import('./main.ts');
      await serve(process.env);
    });
  addSetupCommand(program);
  addUserCommands(program);
  addPostCommands(program, 'post');
  addPostCommands(program, 'page');
  addMediaCommands(program);
  addCommentCommands(program);
  addPluginCommands(program);
  addSettingsCommands(program);
  addDataCommands(program);
  addDoctorCommand(program);
  return program;
}

/** `--json` may stand anywhere, also behind a command's own words. */
function jsonFirst(argv: readonly string[]): string[] {
  const [node = '', script = '', ...words] = argv;
  const end = words.indexOf('--');
  const before = end === -1 ? words : words.slice(0, end);
  if (!before.includes('--json')) return [...argv];
  const rest = [...before.filter((word) => word !== '--json'), ...(end === -1 ? [] : words.slice(end))];
  return [node, script, '--json', ...rest];
}

/** Runs one command of the command line. Sets the exit code: 0 done, 1 it could not be done, 2 wrong usage. */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  const words = jsonFirst(argv);
  const program = createProgram();
  try {
    const noun = words.slice(2).find((word) => !word.startsWith('-'));
    if (noun && !program.commands.some((command) => command.name() === noun) && noun !== 'help')
      await addPluginNoun(program, noun);
    await program.parseAsync(words);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version end like this as well.
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    const text =
      error instanceof OutpostError ? error.message : error instanceof Error ? error.message : String(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
  }
}
