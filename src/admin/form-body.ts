import type { Request } from 'express';
import { formType, readBody, readForm } from '../http/read-body.ts';

/** The most bytes of a form: a post's text may have 2 MiB, and grows when it is encoded for sending. */
const maxFormBytes = 8 * 1024 * 1024;

/** Reads a form that was sent and puts its fields at `req.body`. @throws TooLargeError, UnsupportedTypeError */
export async function takeForm(
  req: Request,
  maxBytes = maxFormBytes,
): Promise<Readonly<Record<string, string | string[]>>> {
  const fields = readForm(await readBody(req, { types: [formType], maxBytes }));
  req.body = fields;
  return fields;
}
