/**
 * The errors that a caller can react to. `code` is stable and meant for machines, `message` is the log's text and
 * `publicMessage` the one plain sentence that a stranger may read.
 */
export class OutpostError extends Error {
  readonly code: string;
  readonly status: number;
  readonly publicMessage: string;
  /** Seconds after which trying again makes sense; becomes the `Retry-After` header. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: string,
    message: string,
    options: { status?: number; publicMessage?: string; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.status = options.status ?? 500;
    this.publicMessage = options.publicMessage ?? message;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/**
 * What was thrown, as an error that can be read and logged. A stranger's code may throw anything: null, a text, an
 * object whose members throw in their turn.
 */
export function asError(thrown: unknown): Error {
  try {
    if (thrown instanceof Error && typeof `${thrown.message}${thrown.stack}` === 'string') return thrown;
    return new Error(`${String(thrown)} was thrown`);
  } catch {
    // Reading it threw something else.
    return new Error('something was thrown that cannot be read');
  }
}

/** What was asked for is not there, or not for this person to see. 404 */
export class NotFoundError extends OutpostError {
  constructor(code: string, message = 'There is nothing here.') {
    super(code, message, { status: 404 });
  }
}

/** It was there and is gone for good. 410 */
export class GoneError extends OutpostError {
  constructor(code: string, message = 'This was deleted.') {
    super(code, message, { status: 410 });
  }
}

/** Who asks is not known: sign in, or sign the request. 401 */
export class UnauthorizedError extends OutpostError {
  constructor(code: string, message: string) {
    super(code, message, { status: 401 });
  }
}

/** Who asks is known and may not do this. 403 */
export class ForbiddenError extends OutpostError {
  constructor(code: string, message: string) {
    super(code, message, { status: 403 });
  }
}

/** It cannot be done in the present state, for example because a name is taken. 409 */
export class ConflictError extends OutpostError {
  constructor(code: string, message: string) {
    super(code, message, { status: 409 });
  }
}

/** What was sent cannot be used. `fields` names each wrong field and says what is wrong with it. 400 or 422 */
export class InvalidError extends OutpostError {
  readonly fields: Readonly<Record<string, string>>;

  constructor(code: string, message: string, fields: Record<string, string> = {}, status = 400) {
    super(code, message, { status });
    this.fields = fields;
  }
}

/** More was sent than is taken. 413 */
export class TooLargeError extends OutpostError {
  constructor(code: string, message: string) {
    super(code, message, { status: 413 });
  }
}

/** The media type is not one that is read here. 415 */
export class UnsupportedTypeError extends OutpostError {
  constructor(code: string, message: string) {
    super(code, message, { status: 415 });
  }
}

/** Too many requests; `retryAfterSeconds` says when to come again. 429 */
export class TooManyError extends OutpostError {
  constructor(code: string, message: string, retryAfterSeconds: number) {
    super(code, message, { status: 429, retryAfterSeconds });
  }
}

/** Our own fault, passing: try again. 503 */
export class UnavailableError extends OutpostError {
  constructor(code: string, message: string, retryAfterSeconds = 30) {
    super(code, message, {
      status: 503,
      retryAfterSeconds,
      publicMessage: 'The server cannot do this right now. Try again shortly.',
    });
  }
}

/** A setting in the environment cannot be used; stops the start. */
export class ConfigError extends OutpostError {
  constructor(message: string) {
    super('config.invalid', message);
  }
}
