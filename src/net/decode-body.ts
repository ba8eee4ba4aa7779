import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { FetchFailedError, FetchTooLargeError } from './fetch-errors.ts';

/** What `decodeBody` understands, as an `Accept-Encoding` header. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br';

const decoders: Record<string, (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  deflate: (body, options) => (isZlib(body) ? promisify(inflate) : promisify(inflateRaw))(body, options),
};

/**
 * Decompresses a body up to `maxBytes`; beyond it nothing is inflated.
 * Source: RFC 9110, section 8.4.1, which says that some servers send `deflate` without its zlib wrapper.
 * @throws FetchTooLargeError, and FetchFailedError where it is damaged or in another encoding
 */
export async function decodeBody(
  host: string,
  encoding: string,
  body: Buffer,
  maxBytes: number,
): Promise<Buffer> {
  const name = encoding.trim().toLowerCase();
  if (body.length === 0 || name === '' || name === 'identity') return body;
  const decode = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
  if (!decode) {
    const message = `${host} compressed its answer in a way that was not asked for; it must honour Accept-Encoding.`;
    throw new FetchFailedError(host, 'response', message);
  }
  try {
    return await decode(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
      throw new FetchTooLargeError(
        host,
        `The answer of ${host} is larger than ${maxBytes} bytes decompressed.`,
        error,
      );
    }
    throw new FetchFailedError(
      host,
      'response',
      `The compressed answer of ${host} is damaged; try again later.`,
      error,
    );
  }
}

function isZlib(body: Buffer): boolean {
  return ((body[0] ?? 0) & 0x0f) === 8;
}
