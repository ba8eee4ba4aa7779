import { Command, CommanderError } from 'commander';
import { UsageError } from './cli/usage-error.ts';
import { readPackage } from './config.ts';
import { OutpostError } from './errors.ts';

type AddCommands = (program: Command) => void;

/** The core's own words. Only the one that was said is read, so that a command starts in a moment. */
const nouns: Readonly<Record<string, () => Promise<AddCommands>>> = {
  serve: async () => addServeCommand,
  setup: async () => (await import('./cli/setup.ts')).addSetupCommand,
  user: async () => (await import('./cli/user.ts')).addUserCommands,
  post: async () => {
    const { addPostCommands } = await import('./cli/post.ts');
    return (program) => addPostCommands(program, 'post');
  },
  page: async () => {
    const { addPostCommands } = await import('./cli/post.ts');
    return (program) => addPostCommands(program, 'page');
  },
  media: async () => (await import('./cli/media.ts')).addMediaCommands,
  comment: async () => (await import('./cli/comment.ts')).addCommentCommands,
  plugin: async () => (await import('./cli/plugin.ts')).addPluginCommands,
  settings: async () => (await import('./cli/settings.ts')).addSettingsCommands,
  backup: async () => (await import('./cli/data.ts')).addBackupCommand,
  restore: async () => (await import('./cli/data.ts')).addRestoreCommand,
  doctor: async () => (await import('./cli/doctor.ts')).addDoctorCommand,
};

function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('run the blog')
    .action(async () => {
      const { serve } = await import('./main.ts');
      await serve();
    });
}

async function createProgram(noun: string | undefined): Promise<Command> {
  const { version, description } = readPackage();
  const program = new Command('outpost')
    .description(description)
    .version(version, '-V, --version', 'print the version')
    .option('--json', 'print one JSON document and nothing else')
    .helpOption('-h, --help', 'show how to use this')
    // What is wrong is said in one sentence, below.
    .configureOutput({ writeErr: () => undefined, outputError: () => undefined })
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  const own = noun !== undefined && Object.hasOwn(nouns, noun) ? nouns[noun] : undefined;
  if (own) {
    (await own())(program);
    return program;
  }
  for (const load of Object.values(nouns)) (await load())(program);
  // Any other first word may be a plugin's; who asks what can be said is told of those too.
  const plugins = await import('./cli/plugin-noun.ts');
  if (noun === undefined || noun === 'help') await plugins.addPluginNouns(program);
  else await plugins.addPluginNoun(program, noun);
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

/** What commander says of wrong usage, as one sentence. */
function usageSentence({ code, message }: CommanderError): string {
  if (code === 'commander.help') return 'Say what is to be done; --help lists the commands.';
  const text = message
    .replace(/^error: /, '')
    .replace(/\s+/gu, ' ')
    .trim();
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/[.?)]*$/, (end) => end || '.')}`;
}

/** Runs one command of the command line. Sets the exit code: 0 done, 1 it could not be done, 2 wrong usage. */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  const words = jsonFirst(argv);
  try {
    const program = await createProgram(words.slice(2).find((word) => !word.startsWith('-')));
    await program.parseAsync(words);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version end like this as well.
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      if (process.exitCode === 2) process.stderr.write(`${usageSentence(error)}\n`);
      return;
    }
    const text =
      error instanceof OutpostError ? error.message : error instanceof Error ? error.message : String(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
