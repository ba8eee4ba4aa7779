import { Busboy } from '@fastify/busboy';
import type { Request } from 'express';
import { InvalidError, TooLargeError, UnsupportedTypeError } from '../errors.ts';
import { mediaType } from '../http/read-body.ts';
import { sizeInWords } from './present-media.ts';

/** The most bytes that one uploaded file may have. */
export const maxUploadBytes = 32 * 1024 * 1024;
const maxFiles = 20;

/** What came with a form: its fields as text, its files as bytes. */
export type Upload = { fields: Record<string, string>; files: { name: string; bytes: Buffer }[] };

/**
 * Reads a form with files into memory, within limits.
 * @throws UnsupportedTypeError, TooLargeError, InvalidError
 */
export async function readUpload(req: Request): Promise<Upload> {
  if (mediaType(req) !== 'multipart/form-data')
    throw new UnsupportedTypeError('body.type', 'Send the file as multipart/form-data.');
  const contentType = req.headers['content-type'] ?? '';
  return new Promise((resolve, reject) => {
    const upload: Upload = { fields: Object.create(null), files: [] };
    let total = 0;
    const fail = (error: unknown) => {
      req.unpipe();
      req.resume();
      reject(
        error instanceof InvalidError || error instanceof TooLargeError
          ? error
          : new InvalidError('upload.broken', 'The upload could not be read.'),
      );
    };
    const tooLarge = () =>
      fail(new TooLargeError('upload.too_large', `A file may have up to ${sizeInWords(maxUploadBytes)}.`));
    let busboy: ReturnType<typeof Busboy>;
    try {
      busboy = new Busboy({
        headers: { ...req.headers, 'content-type': contentType },
        limits: {
          files: maxFiles,
          fileSize: maxUploadBytes,
          fields: 20,
          fieldNameSize: 100,
          fieldSize: 10_000,
          parts: 60,
          headerPairs: 40,
        },
      });
    } catch (error) {
      fail(error);
      return;
    }
    busboy.on('field', (name, value) => {
      upload.fields[name] ??= String(value);
    });
    busboy.on('file', (_field, stream, fileName) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => {
        total += part.length;
        if (total > maxUploadBytes * 2) tooLarge();
        else parts.push(part);
      });
      stream.on('limit', tooLarge);
      stream.on('error', fail);
      stream.on('end', () => {
        // A browser sends an empty part where no file was chosen.
        if (parts.length > 0)
          upload.files.push({
            name: String(fileName ?? '').slice(0, 200) || 'file',
            bytes: Buffer.concat(parts),
          });
      });
    });
    busboy.on('filesLimit', () =>
      fail(new InvalidError('upload.too_many', `Send up to ${maxFiles} files at once.`)),
    );
    busboy.on('error', fail);
    busboy.on('finish', () => resolve(upload));
    req.on('aborted', () => fail(new InvalidError('upload.broken', 'The upload ended before it was whole.')));
    req.pipe(busboy);
  });
}
