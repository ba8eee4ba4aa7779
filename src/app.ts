import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import { addAdminRoutes } from './admin/routes.ts';
import { tellOfCommentsJob } from './comments/tell-of-comments.ts';
import type { Config } from './config.ts';
import { createCore, type Overrides } from './core.ts';
import type { OpenDatabase } from './db/open.ts';
import type { Deps } from './deps.ts';
import { createHttp, type Site } from './http/server.ts';
import { mailJob } from './mail/send-mail.ts';
import { createPluginHost, type PluginHost } from './plugin-host/host.ts';
import { publishScheduled } from './posts/publish-post.ts';
import { isSetUp, setupToken } from './setup/set-up-site.ts';
import { removeExpiredSessions } from './users/session-store.ts';
import { sendPluginPage } from './web/plugin-page.ts';
import { previewPost } from './web/post-page.ts';
import { addWebRoutes, errorPage, notSetUpPage } from './web/routes.ts';

/** A running blog. */
export type App = {
  deps: Deps;
  plugins: PluginHost;
  server: Server;
  /** Listens, works on the queue, and says where. */
  listen(): Promise<{ port: number }>;
  /** Resolves when nothing is left to do at this moment. */
  idle(): Promise<void>;
  /** The one-time set-up link, or null once the blog is set up. */
  setupUrl(): Promise<string | null>;
  /** Stops accepting, finishes or gives back what runs, and closes. */
  close(): Promise<void>;
};

const watchMs = 250;
/** How often sign-ins that have run out are removed. */
const sessionsEveryMs = 3_600_000;

/** Looks for what other processes have changed: the command line, another node. */
function watch(database: OpenDatabase, deps: Deps, plugins: PluginHost): { stop(): Promise<void> } {
  // Nothing was seen yet: what others did while this process started is found at the first look.
  let seen: number | null = null;
  let seenPlugins = deps.counters.get('plugins');
  let busy: Promise<void> = Promise.resolve();
  let stopped = false;

  async function look(): Promise<void> {
    const version = database.foreignChanges();
    if (version !== null && version === seen && deps.counters.get('plugins') === seenPlugins) return;
    seen = version;
    await deps.counters.refresh();
    deps.jobs.wake();
    const pluginsNow = deps.counters.get('plugins');
    if (pluginsNow !== seenPlugins) {
      await plugins.refresh();
      seenPlugins = pluginsNow;
    }
  }

  async function loop(): Promise<void> {
    if (stopped) return;
    busy = look().catch((error: unknown) =>
      deps.log.error({ err: error }, 'changes of other processes could not be read'),
    );
    await busy;
    if (!stopped) timer = setTimeout(loop, watchMs);
  }
  let timer = setTimeout(loop, watchMs);
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await busy;
    },
  };
}

/** Puts a blog together from its configuration; nothing listens and nothing runs until `listen`. */
export async function createApp(config: Config, overrides: Overrides = {}): Promise<App> {
  const core = await createCore(config, overrides);
  const { deps, database } = core;
  let done = await isSetUp(deps.db);
  const site: Site = {
    isSetUp: async () => {
      done ||= await isSetUp(deps.db);
      return done;
    },
    async isReady() {
      try {
        await sql`select 1`.execute(deps.db);
        return true;
      } catch (error) {
        deps.log.error({ err: error }, 'the database does not answer');
        return false;
      }
    },
    addRoutes(router, web) {
      addAdminRoutes(router, { ...web, previewPost: (post, viewer) => previewPost(web, post, viewer) });
      addWebRoutes(router, web);
    },
    notSetUp: notSetUpPage,
    errorPage,
    pluginPage: (web) => (req, res, answer) => sendPluginPage(web, req, res, answer),
  };
  const plugins = createPluginHost(deps);
  const { server } = createHttp(deps, plugins, site);
  deps.jobs.define(mailJob(deps));
  deps.jobs.define(tellOfCommentsJob(deps));
  deps.jobs.define({
    kind: 'sessions',
    repeatable: true,
    async handler() {
      await removeExpiredSessions(deps.db, deps.clock.iso());
      return { kind: 'again', at: new Date(deps.clock.now().getTime() + sessionsEveryMs) };
    },
  });
  deps.jobs.define({
    kind: 'publish',
    async handler(job) {
      const { postId } = job.payload as { postId: string };
      await publishScheduled(deps, postId);
    },
  });
  let watcher: { stop(): Promise<void> } | null = null;
  let closing: Promise<void> | null = null;

  return {
    deps,
    plugins,
    server,
    async listen() {
      await deps.jobs.add(deps.db, { kind: 'sessions', payload: null, uniqueKey: 'sessions' });
      await plugins.start();
      await deps.jobs.start();
      watcher = watch(database, deps, plugins);
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(config.port, config.host, resolve);
      });
      return { port: (server.address() as AddressInfo).port };
    },
    idle: () => deps.jobs.idle(),
    async setupUrl() {
      const token = await setupToken(deps.db);
      return token && `${config.origin}/setup?token=${token}`;
    },
    close() {
      closing ??= (async () => {
        const closed = new Promise<void>((resolve) => {
          if (server.listening) server.close(() => resolve());
          else resolve();
        });
        server.closeIdleConnections();
        await watcher?.stop();
        await deps.jobs.stop(5000);
        await plugins.stop();
        // Whoever still reads gets a moment, no more.
        const patience = setTimeout(() => server.closeAllConnections(), 1000);
        await closed;
        clearTimeout(patience);
        await core.close();
      })();
      return closing;
    },
  };
}
