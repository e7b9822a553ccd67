import { availableParallelism } from 'node:os'
import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'server',
    // Most of a test of processes and servers is waiting: on two cores one worker leaves much idle.
    maxWorkers: Math.max(2, availableParallelism()),
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['./test/global-setup.ts'],
    // What is waited for comes late when many processes share two cores.
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
