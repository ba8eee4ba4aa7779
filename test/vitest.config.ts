import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: '..',
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    globalSetup: ['test/support/postgres-server.ts'],
    pool: 'forks',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: ['default'],
    // Node itself loads every module, as it does in production; nothing is forgiven that it refuses.
    experimental: { viteModuleRunner: false, nodeLoader: false },
  },
});
