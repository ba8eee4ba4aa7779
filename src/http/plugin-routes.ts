import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Deps } from '../deps.ts';
import { NotFoundError, OutpostError, UnavailableError } from '../errors.ts';
import type { Route, RouteRequest, RouteResponse, ThemedPage } from '../plugin-host/api.ts';
import { runAs } from '../plugin-host/attribution.ts';
import type { ActivePlugin, AnyContext, PluginHost } from '../plugin-host/host.ts';
import type { Deed } from '../users/user.ts';
import { checkAnswer } from './check-answer.ts';
import { formType, mediaType, readBody, readForm } from './read-body.ts';
import { requireDeed, requireOwnForm } from './visitor.ts';

const handlerDeadlineMs = 20_000;
const deedOf: Record<Exclude<Route<never>['access'], 'public'>, Deed> = {
  admin: 'site.manage',
  moderator: 'comments.moderate',
  author: 'posts.write',
};

/** A request in the form in which plugins get it. */
export function toRouteRequest(
  req: Request,
  {
    params,
    body = Buffer.alloc(0),
    signal,
  }: { params: Readonly<Record<string, string>>; body?: Buffer; signal: AbortSignal },
): RouteRequest {
  const mark = req.originalUrl.indexOf('?');
  let form: RouteRequest['form'] = {};
  if (body.length > 0 && mediaType(req) === formType) form = readForm(body);
  return {
    method: req.method,
    path: req.path,
    rawTarget: req.originalUrl,
    params,
    query: new URLSearchParams(mark === -1 ? '' : req.originalUrl.slice(mark + 1)),
    headers: req.headers as Record<string, string | undefined>,
    rawHeaders: req.rawHeaders,
    body,
    form,
    ip: req.visitor.ip,
    user: req.visitor.user,
    signal,
  };
}

/**
 * Runs a plugin's handler with a deadline; a failure of its own becomes ours to answer for, and is noted as its.
 * @param byStranger whether who asks is not signed in
 */
export async function runHandler<T>(
  host: PluginHost,
  plugin: ActivePlugin,
  where: string,
  work: (signal: AbortSignal) => Promise<T> | T,
  byStranger = false,
): Promise<T> {
  const abort = new AbortController();
  let timeout: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timeout = setTimeout(() => {
      abort.abort();
      reject(
        new UnavailableError(
          'plugin.deadline',
          `The plugin ${plugin.definition.id} gave no answer within ${handlerDeadlineMs} ms.`,
        ),
      );
    }, handlerDeadlineMs);
  });
  try {
    return await Promise.race([runAs(plugin.definition.id, () => work(abort.signal)), deadline]);
  } catch (error) {
    // An OutpostError below 500 is the plugin's word about the request; anything else is its fault.
    if (!(error instanceof OutpostError) || error.code === 'plugin.deadline')
      host.failed(plugin.definition.id, where, error, byStranger);
    throw error;
  } finally {
    clearTimeout(timeout);
  }
}

/** Sends what a plugin answered. What comes over time may fail on the way; the connection is cut then. */
async function sendRouteResponse(
  req: Request,
  res: Response,
  answer: RouteResponse,
  failed: (error: unknown) => void,
): Promise<void> {
  res.status(answer.status ?? 200);
  for (const [name, value] of Object.entries(answer.headers ?? {})) res.setHeader(name, value);
  const { body } = answer;
  if (body === undefined) {
    // At 304 a length would speak of the body that was left out.
    if (res.statusCode !== 304) res.setHeader('Content-Length', 0);
    res.end();
    return;
  }
  if (typeof body === 'string' || body instanceof Uint8Array) {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    res.setHeader('Content-Length', bytes.byteLength);
    res.end(req.method === 'HEAD' ? undefined : bytes);
    return;
  }
  res.flushHeaders();
  let open = true;
  res.on('close', () => {
    open = false;
  });
  try {
    for await (const part of body) {
      if (!open) break;
      if (!res.write(part)) await new Promise((resolve) => res.once('drain', resolve).once('close', resolve));
    }
    res.end();
  } catch (error) {
    failed(error);
    res.destroy();
  }
}

/** Sends a page of a plugin's with the theme around it. */
export type SendPluginPage = (
  req: Request,
  res: Response,
  answer: { page: ThemedPage; status: number },
) => Promise<void>;

/** Answers the paths that plugins have declared; others go on. */
export function pluginRouteHandler(
  deps: Pick<Deps, 'config'>,
  host: PluginHost,
  sendPluginPage: SendPluginPage,
): RequestHandler {
  return async (req: Request, res: Response, next: NextFunction) => {
    const found = host.routes().find(req.method, req.path);
    if (found === null) return next();
    if ('methods' in found) {
      res.setHeader('Allow', found.methods.join(', '));
      res.status(405).setHeader('Content-Type', 'text/plain; charset=utf-8');
      res.end(`Use ${found.methods.join(' or ')} here.`);
      return;
    }
    const { route, params } = found;
    if (route.access !== 'public') requireDeed(req, deedOf[route.access]);
    const body =
      route.body && req.method !== 'GET' && req.method !== 'HEAD'
        ? await readBody(req, route.body)
        : undefined;
    const where = `${route.method} ${route.path}`;
    const byStranger = req.visitor.user === null;
    const handle = async (signal: AbortSignal) => {
      const request = toRouteRequest(req, { params, ...(body && { body }), signal });
      if (route.access !== 'public' && request.method !== 'GET' && request.method !== 'HEAD') {
        requireOwnForm(req, deps.config.origin, request.form.csrf);
      }
      return checkAnswer(await route.handler(request, route.plugin.context as AnyContext));
    };
    const answer = await runHandler(host, route.plugin, where, handle, byStranger);
    if (answer.page) {
      for (const [name, value] of Object.entries(answer.headers ?? {})) res.setHeader(name, value);
      await sendPluginPage(req, res, { page: answer.page, status: answer.status ?? 200 });
      return;
    }
    await sendRouteResponse(req, res, answer, (error) =>
      host.failed(route.plugin.definition.id, where, error, byStranger),
    );
  };
}

/** Serves the public files of plugins that are on: `/assets/plugins/<id>/<file>`. */
export function pluginAssetHandler(host: PluginHost): RequestHandler {
  return (req, res, next) => {
    const match = /^\/assets\/plugins\/([a-z][a-z0-9-]*)\/([\w./-]+)$/.exec(req.path);
    if (!match?.[1] || !match[2]) return next();
    const plugin = host.find(match[1]);
    if (!plugin) return next();
    const root = path.join(plugin.folder, plugin.definition.assets ?? 'assets');
    const file = path.join(root, match[2]);
    const isThere = statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
    if (!isThere || !realpathSync(file).startsWith(realpathSync(root) + path.sep))
      throw new NotFoundError('asset.not_found');
    res.sendFile(match[2], {
      root,
      maxAge: req.query.v ? '1y' : 0,
      immutable: Boolean(req.query.v),
      dotfiles: 'ignore',
    });
  };
}

/** The other forms in which plugins can show a post or an author. */
export type Representations = {
  /** Whether an answer depends on what the request accepts. */
  any(of: 'post' | 'author'): boolean;
  /** Whether the request asks for another form than a page, without looking at which post or author. */
  wanted(req: Request, of: 'post' | 'author'): boolean;
  /** Answers in the form that the request prefers over HTML; false where it prefers HTML, and then nothing was sent. */
  respond(req: Request, res: Response, of: 'post' | 'author', id: string | null): Promise<boolean>;
};

export function createRepresentations(host: PluginHost): Representations {
  function choose(req: Request, of: 'post' | 'author') {
    const offers = host.representations(of);
    if (offers.length === 0) return null;
    const types = offers.flatMap((offer) => offer.types);
    const preferred = req.accepts(['text/html', ...types]);
    return offers.find((offer) => offer.types.includes(String(preferred))) ?? null;
  }
  return {
    any: (of) => host.representations(of).length > 0,
    wanted: (req, of) => choose(req, of) !== null,
    async respond(req, res, of, id) {
      const offer = choose(req, of);
      if (!offer) return false;
      const { plugin } = offer;
      const where = `representation of ${of}`;
      const byStranger = req.visitor.user === null;
      const handle = async (signal: AbortSignal) => {
        const request = toRouteRequest(req, { params: {}, signal });
        const given = id === null ? null : await offer.respond(id, request, plugin.context as AnyContext);
        return given && checkAnswer(given);
      };
      const answer = await runHandler(host, plugin, where, handle, byStranger);
      if (!answer) throw new NotFoundError('page.not_found', 'There is nothing at this address.');
      // A cache that ignores Vary must never show this to people on the page's address.
      res.setHeader('Cache-Control', 'no-store');
      res.vary('Accept');
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(answer.headers ?? {})) {
        if (name.toLowerCase() === 'vary') res.vary(value);
        else if (name.toLowerCase() !== 'cache-control') headers[name] = value;
      }
      await sendRouteResponse(req, res, { ...answer, headers }, (error) =>
        host.failed(plugin.definition.id, where, error, byStranger),
      );
      return true;
    },
  };
}
