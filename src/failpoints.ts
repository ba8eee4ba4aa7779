import type { Config, Fault } from './config.ts';

/** Stops at a named place when a test of faults asks for it; does nothing otherwise. */
export type Failpoint = (name: string) => Promise<void>;

/** Every place that can be made to fail, for `outpost doctor --failpoints`. A plugin's are `<id>.<name>`. */
export const failpointNames: readonly string[] = [
  'federation.deliver.after-claim',
  'federation.deliver.after-sign',
  'federation.deliver.before-mark',
  'federation.inbox.before-commit',
  'federation.inbox.after-commit',
];

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
