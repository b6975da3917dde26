import { configDefaults, defineConfig } from 'vitest/config'

/** The tests of every change. What takes minutes is left to `vitest.release.config.ts`. */
export default defineConfig({
  test: {
    // The same kernels whatever the machine is busy with; the tests of tuning turn it on for themselves.
    env: { ALEXNET_TUNE: 'off' },
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
    exclude: [...configDefaults.exclude, '**/*.release.test.ts'],
    globalSetup: 'tests/support/global-setup.ts',
    testTimeout: 120_000,
    // A file for each processor, and one process for all files of a worker: starting one and loading the modules anew takes
    // longer than most files do.
    maxWorkers: '100%',
    pool: 'forks',
    isolate: false,
    // The built package and what is shipped with it are run by Node itself.
    server: { deps: { external: [/\/dist\//, /\/vendor\//] } },
  },
})
