import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['test/fixtures/**', 'node_modules/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Real PostgreSQL, Redis and k6 share the machine with the workers: two files at a time keep two cores busy.
    maxWorkers: 2,
    retry: 0,
    expect: { requireAssertions: true },
    passWithNoTests: false,
  },
})
