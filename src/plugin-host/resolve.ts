import { registerHooks } from 'node:module';

const targets = new Map([
  ['outpost/plugin', new URL('./api.ts', import.meta.url).href],
  ['outpost/plugin/testing', new URL('./testing.ts', import.meta.url).href],
]);

let registered = false;

/** What stands behind `?v=` in the address of a plugin's module. */
function versionOf(parentUrl: string | undefined): string | null {
  return /^file:[^?#]*\?v=([\d.]+)$/.exec(parentUrl ?? '')?.[1] ?? null;
}

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
      if (url) return { url, shortCircuit: true };
      const resolved = nextResolve(specifier, context);
      // The files of an updated plugin are as new as the one that imports them.
      const version = specifier.startsWith('.') ? versionOf(context.parentURL) : null;
      return version === null ? resolved : { ...resolved, url: `${resolved.url}?v=${version}` };
    },
  });
}
