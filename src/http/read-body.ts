import type { IncomingMessage } from 'node:http';
import { InvalidError, TooLargeError, UnsupportedTypeError } from '../errors.ts';

/** The media type of a request without its parameters, lower-case; empty where none is given. */
export function mediaType(req: Pick<IncomingMessage, 'headers'>): string {
  return (req.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/**
 * Reads a request's body as bytes. What is too large is refused before it is read, or as soon as it is seen.
 * @throws TooLargeError, UnsupportedTypeError for another type or a compressed body, InvalidError where it ends too soon
 */
export async function readBody(
  req: IncomingMessage,
  { types, maxBytes }: { types: readonly string[]; maxBytes: number },
): Promise<Buffer> {
  const tooLarge = () => new TooLargeError('body.too_large', `The body may have up to ${maxBytes} bytes.`);
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const encoding = req.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    throw new UnsupportedTypeError('body.compressed', 'Send the body without compression.');
  const type = mediaType(req);
  if (!types.includes(type)) {
    throw new UnsupportedTypeError(
      'body.type',
      `${type || 'A body without a type'} is not taken here; send ${types.join(' or ')}.`,
    );
  }
  const parts: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    req.on('data', (part: Buffer) => {
      length += part.length;
      if (length > maxBytes) {
        req.removeAllListeners('data');
        reject(tooLarge());
      } else {
        parts.push(part);
      }
    });
    req.on('end', () => resolve(parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)));
    req.on('error', (error) =>
      reject(new InvalidError('body.broken', `The body could not be read: ${error.message}.`)),
    );
    req.on('aborted', () => reject(new InvalidError('body.broken', 'The body ended before it was whole.')));
  });
}

const maxFields = 1100;

/** Counted before anything is taken apart: for that, the time grows with the square of the number of fields. */
function refuseTooManyFields(body: Buffer): void {
  let count = 1;
  for (let at = body.indexOf('&'); at !== -1; at = body.indexOf('&', at + 1)) {
    count += 1;
    if (count > maxFields)
      throw new InvalidError('form.too_many_fields', `A form may have up to ${maxFields} fields.`);
  }
}

/** The fields of a form sent as `application/x-www-form-urlencoded`; a field that comes several times becomes a list. */
export function readForm(body: Buffer): Readonly<Record<string, string | string[]>> {
  refuseTooManyFields(body);
  const fields: Record<string, string | string[]> = Object.create(null);
  for (const [name, text] of new URLSearchParams(body.toString('utf8'))) {
    // PostgreSQL stores no NUL, and no form of ours has one.
    const value = text.replaceAll('\0', '\ufffd');
    const before = fields[name];
    if (before === undefined) fields[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else fields[name] = [before, value];
  }
  return fields;
}

export const formType = 'application/x-www-form-urlencoded';
