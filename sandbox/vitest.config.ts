import { availableParallelism } from 'node:os'
import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'sandbox',
    // Most of a test of processes and servers is waiting: on two cores one worker leaves much idle.
    maxWorkers: Math.max(2, availableParallelism()),
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 20_000,
  },
})
