import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Folders whose files take longest, so that none of them is begun last and waited for alone. */
const slowest = [
  'browser',
  'process',
  'interop',
  'docs',
  'cli',
  'faults',
  'attacks',
  'plugin-host',
  'admin',
  'web',
];

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = slowest.findIndex((folder) => moduleId.includes(`/test/${folder}/`));
      return at === -1 ? slowest.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

// Each file is a process that loads the same modules; what Node made of them once, it keeps for all.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
  new URL('../node_modules/.cache/outpost-tests', import.meta.url),
);

export default defineConfig({
  root: '..',
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    globalSetup: ['test/support/postgres-server.ts'],
    pool: 'forks',
    // A process for each core, not for each file: starting one and loading the house costs more than most files' tests.
    isolate: false,
    // Many wait for a browser, a process or a clock; two more than there are cores keep all of them busy.
    maxWorkers: availableParallelism() + 2,
    sequence: { sequencer: SlowestFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['default'],
    // Node itself loads every module, as it does in production; nothing is forgiven that it refuses.
    experimental: { viteModuleRunner: false, nodeLoader: false },
  },
});
