import type { Route } from './api.ts';

/** A path with `:name` parts, ready to be compared. */
type Pattern = { parts: readonly string[]; fixed: boolean };

function compile(path: string): Pattern {
  const parts = path.split('/').slice(1);
  return { parts, fixed: !parts.some((part) => part.startsWith(':')) };
}

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    // A broken percent escape names nothing.
    return null;
  }
}

/** The values of the pattern's names where the path fits, else null. */
export function matchPath(pattern: readonly string[], path: string): Record<string, string> | null {
  const given = path.split('/').slice(1);
  if (given.length !== pattern.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const value = decode(given[index] ?? '');
    if (value === null) return null;
    if (part.startsWith(':')) {
      if (value === '') return null;
      params[part.slice(1)] = value;
    } else if (part !== value) return null;
  }
  return params;
}

/** A table of routes; fixed paths are found at once, those with names in the order in which they were added. */
export type RouteTable<T> = {
  find(
    method: string,
    path: string,
  ): { route: T; params: Record<string, string> } | { methods: string[] } | null;
};

/** @throws Error when two routes claim the same method and path */
export function createRouteTable<T extends Pick<Route<never>, 'method' | 'path'>>(
  routes: readonly T[],
): RouteTable<T> {
  const fixed = new Map<string, Map<string, T>>();
  const named: { shape: string; parts: readonly string[]; methods: Map<string, T> }[] = [];
  for (const route of routes) {
    const pattern = compile(route.path);
    const shape = pattern.parts.map((part) => (part.startsWith(':') ? ':' : part)).join('/');
    let methods: Map<string, T> | undefined;
    if (pattern.fixed) {
      methods = fixed.get(route.path) ?? new Map();
      fixed.set(route.path, methods);
    } else {
      methods = named.find((entry) => entry.shape === shape)?.methods;
      if (!methods) {
        methods = new Map();
        named.push({ shape, parts: pattern.parts, methods });
      }
    }
    if (methods.has(route.method))
      throw new Error(`Two plugins claim ${route.method} ${route.path}; switch one of them off.`);
    methods.set(route.method, route);
  }

  const pick = (methods: Map<string, T>, method: string, path: string) => {
    const route = methods.get(method === 'HEAD' ? 'GET' : method);
    // Routes of one shape may each have names of their own.
    return route
      ? { route, params: matchPath(compile(route.path).parts, path) ?? {} }
      : { methods: [...methods.keys()] };
  };

  return {
    find(method, path) {
      const exact = fixed.get(path);
      if (exact) return pick(exact, method, path);
      for (const { parts, methods } of named) if (matchPath(parts, path)) return pick(methods, method, path);
      return null;
    },
  };
}
