import type { Config, Fault } from './config.ts';

/** Stops at a named place when a test of faults asks for it; does nothing otherwise. */
export type Failpoint = (name: string) => Promise<void>;

/** The core's own places that can be made to fail; plugins declare theirs. */
export const failpointNames: readonly string[] = ['post.save'];

/** @param faults what is to happen where; empty in production */
export function createFailpoint(faults: Config['faults']): Failpoint {
  const act = async (name: string, fault: Fault) => {
    if (fault.kind === 'crash') process.kill(process.pid, 'SIGKILL');
    if (fault.kind === 'throw') throw new Error(`failpoint ${name}`);
    if (fault.kind === 'hang') await new Promise((resolve) => setTimeout(resolve, fault.ms));
  };
  return async (name) => {
    const fault = faults.get(name);
    if (fault) await act(name, fault);
  };
}
