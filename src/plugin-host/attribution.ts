import { AsyncLocalStorage } from 'node:async_hooks';
import { pathToFileURL } from 'node:url';

const running = new AsyncLocalStorage<string>();

/** Runs a plugin's function so that what it throws later, in a timer or a listener, is known to be its doing. */
export function runAs<T>(pluginId: string, work: () => T): T {
  return running.run(pluginId, work);
}

/**
 * The plugin behind something that was thrown where nobody catches: the one whose file stands highest in the stack,
 * else the one that had set off what was running. To be asked from the process's own handlers.
 */
export function pluginBehind(
  error: unknown,
  plugins: readonly { id: string; folder: string }[],
): string | null {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const line of stack.split('\n')) {
    const plugin = plugins.find(
      ({ folder }) => line.includes(`${folder}/`) || line.includes(`${pathToFileURL(folder).href}/`),
    );
    if (plugin) return plugin.id;
  }
  return running.getStore() ?? null;
}
