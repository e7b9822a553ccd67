import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: ['server', 'sandbox'],
    reporters: ['default'],
    // Most of a test of processes and servers is waiting: on two cores one worker leaves much idle.
    maxWorkers: Math.max(2, availableParallelism()),
  },
})
