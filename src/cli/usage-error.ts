import { OutpostError } from '../errors.ts';

/** The command line was not used as it must be; ends it with the code 2. */
export class UsageError extends OutpostError {
  constructor(message: string) {
    super('cli.usage', message, { status: 400 });
  }
}
