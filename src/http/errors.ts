import type { ErrorRequestHandler, Request, Response } from 'express';
import { databaseUnavailable } from '../db/unavailable.ts';
import { InvalidError, NotFoundError, OutpostError, UnavailableError } from '../errors.ts';
import type { Logger } from '../log.ts';

/** An error as it may be shown: what is not ours is a fault of ours, said in a fixed sentence. */
export function publicError(error: unknown): OutpostError {
  if (error instanceof OutpostError) return error;
  const unavailable = databaseUnavailable(error);
  if (unavailable !== null)
    return new UnavailableError('database.unavailable', `the database cannot be used: ${unavailable}`);
  // Errors of Express and its parsers for what a client sent.
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  if (status === 404) return new NotFoundError('page.not_found', 'There is nothing at this address.');
  if (error instanceof URIError || (status >= 400 && status < 500))
    return new InvalidError('request.malformed', 'The request cannot be read.');
  const text = error instanceof Error ? error.message : String(error);
  return new OutpostError('internal', text, {
    status: 500,
    publicMessage: 'Something went wrong here. It has been noted; try again shortly.',
  });
}

/** Whether the answer is for a person's browser rather than for a program. */
export function wantsHtml(req: Request): boolean {
  return req.accepts(['application/json', 'text/html']) === 'text/html';
}

/** Shows an error as a page. Set by the public site and the admin, each for its own addresses. */
export type ErrorPage = (req: Request, res: Response, error: OutpostError) => Promise<void>;

/** Turns whatever was thrown into an answer: a page for people, RFC 9457's problem document for programs. */
export function errorHandler(log: Logger, page: ErrorPage): ErrorRequestHandler {
  return async (thrown, req, res, next) => {
    const error = publicError(thrown);
    if (error.status >= 500) log.error({ err: thrown, method: req.method, path: req.path }, 'request failed');
    if (res.headersSent) {
      next(thrown);
      return;
    }
    // What was not read of a refused body is not waited for.
    if (!req.complete) res.setHeader('Connection', 'close');
    res.setHeader('Cache-Control', 'no-store');
    if (error.retryAfterSeconds !== undefined) res.setHeader('Retry-After', String(error.retryAfterSeconds));
    res.status(error.status);
    if (wantsHtml(req)) {
      try {
        await page(req, res, error);
        return;
      } catch (failure) {
        log.error({ err: failure }, 'the error page could not be shown');
      }
    }
    sendProblem(res, error);
  };
}

/** Source: RFC 9457 */
export function sendProblem(res: Response, error: OutpostError): void {
  const fields =
    error instanceof InvalidError && Object.keys(error.fields).length > 0 ? { fields: error.fields } : {};
  const problem = {
    type: 'about:blank',
    title: error.publicMessage,
    status: error.status,
    code: error.code,
    ...fields,
  };
  res.setHeader('Content-Type', 'application/problem+json');
  res.end(JSON.stringify(problem));
}

/** For addresses where nothing is. */
export function notFound(): never {
  throw new NotFoundError('page.not_found', 'There is nothing at this address.');
}
