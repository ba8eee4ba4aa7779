import { createApp } from './app.ts';
import { requireWholeDatabase } from './backup/require-whole-database.ts';
import { type Config, readConfig } from './config.ts';
import { ConfigError } from './errors.ts';

/**
 * Runs the blog until it is told to stop.
 * @throws ConfigError where a setting cannot be used
 */
export async function serve(): Promise<void> {
  const config = readConfig();
  // Where nobody reads the log any more, the blog goes on without one.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  await requireWholeDatabase(config);
  const app = await createApp(config);
  const { log } = app.deps;

  const stop = (signal: string) => {
    log.info({ signal }, 'stopping');
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, 'could not stop in order');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal));
  endWithParent();
  const fault = (kind: string) => (error: unknown) => {
    const plugin = app.plugins.behind(error);
    if (plugin) app.plugins.failed(plugin, kind, error);
    else {
      log.fatal({ err: error }, kind);
      process.exit(1);
    }
  };
  process.on('uncaughtException', fault('uncaught exception'));
  process.on('unhandledRejection', fault('unhandled rejection'));

  if (config.privateNetwork.kind !== 'none')
    log.warn(
      'OUTPOST_ALLOW_PRIVATE_NETWORK is set: requests may go to private addresses; for development only',
    );
  if (process.getuid?.() === 0) log.warn('running as root; give the blog a user of its own');
  const { port } = await app.listen().catch(async (error: unknown) => {
    await app.close();
    throw cannotListen(error, config);
  });
  log.info({ url: config.origin, host: config.host, port, data: config.dataFolder }, 'the blog is running');
  const setupUrl = await app.setupUrl();
  // Said whatever the log level is: without it nobody can begin.
  if (setupUrl) process.stdout.write(`Set up your blog at ${setupUrl}\n`);
}

/** Where an older Node has handed over to this one, killing the one that was started kills both. */
function endWithParent(): void {
  if (!process.channel) return;
  const parent = process.ppid;
  process.on('disconnect', () => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  });
  process.channel.unref();
}

/** What the system says about listening, in the words of what was set. */
function cannotListen(error: unknown, { port, host }: Pick<Config, 'port' | 'host'>): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE')
    return new ConfigError(`PORT=${port} cannot be used: another program listens there.`);
  if (code === 'EACCES')
    return new ConfigError(
      `PORT=${port} cannot be used: this user may not listen there; give a number above 1023.`,
    );
  if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL')
    return new ConfigError(`HOST=${host} cannot be used: it is no address of this machine.`);
  return error;
}

if (import.meta.main) {
  serve().catch((error: unknown) => {
    process.stderr.write(
      `${error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exit(1);
  });
}
