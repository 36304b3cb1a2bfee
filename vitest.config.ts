import { defineConfig } from 'vitest/config';

/** Tests that need Postgres, child processes or a network; the global setup starts one embedded server for all. */
const INTEGRATION = [
  'test/core/db/**',
  'test/core/process/**',
  'test/core/llm/live/**',
  'test/checkouts/**',
  'test/git/live/**',
  'test/events/**',
  'test/runs/**',
  'test/supervisor/live/**',
  'test/graph/store/**',
  'test/findings/store/**',
  'test/agent/verify/live/**',
  'test/agent/model/live/**',
  'test/findings/live/**',
  'test/fixers/live/**',
  'test/github/live/**',
  'test/git/transfer/**',
  'test/tools/**',
  'test/resources/**',
  'test/server/**',
  'test/orchestrator/**',
  'test/guide/**',
  'test/e2e/**',
];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // Files share the modules of their process, which hold no state: loading them anew for each was half the work.
    isolate: false,
    // The durable engine queries in a way that the driver deprecates, once a process.
    execArgv: ['--no-deprecation'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...INTEGRATION, 'test/fixtures/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: INTEGRATION.map((folder) => `${folder}/*.test.ts`),
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
    ],
  },
});
