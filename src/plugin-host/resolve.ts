import { registerHooks } from 'node:module';

const targets = new Map([
  ['outpost/plugin', new URL('./api.ts', import.meta.url).href],
  ['outpost/plugin/testing', new URL('./testing.ts', import.meta.url).href],
]);

let registered = false;

/**
 * Makes `outpost/plugin` resolve from wherever a plugin lies: beside Outpost its own package name does
 * that, in the data folder and in packages nothing else would.
 */
export function resolvePluginApi(): void {
  if (registered) return;
  registered = true;
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const url = targets.get(specifier);
      return url ? { url, shortCircuit: true } : nextResolve(specifier, context);
    },
  });
}
