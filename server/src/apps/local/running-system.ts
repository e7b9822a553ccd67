import type { EmbeddedPostgres } from '#platform/embedded-postgres'
import { startMarkOf } from '#platform/process-lock'
import { type ProcessRecord, writeProcesses } from './state-files.ts'
import type { StopRequest } from './stop-request.ts'
import type { Supervised } from './supervise.ts'

const GRACE_MS = 10_000

/** What has been started so far, and how to end it in the right order. */
export interface RunningSystem {
  postgres: EmbeddedPostgres | undefined
  sandbox: Supervised | undefined
  readonly servers: Supervised[]
  /** Notes a program's process, so that a later start can end it should this one be killed. */
  record(name: string, pid: number): void
  /** Those who use something end before it: servers, then the sandbox, then the database. */
  stop(request: StopRequest): Promise<void>
}

export function runningSystem(dataDir: string): RunningSystem {
  const records = new Map<string, ProcessRecord>()
  let writing = Promise.resolve()

  const stopPrograms = async (programs: readonly Supervised[], request: StopRequest) => {
    request.onHasty(() => {
      for (const program of programs) void program.stop(0)
    })
    const graceMs = request.isHasty() ? 0 : GRACE_MS
    await Promise.all(programs.map((program) => program.stop(graceMs)))
  }

  const system: RunningSystem = {
    postgres: undefined,
    sandbox: undefined,
    servers: [],
    record(name, pid) {
      records.set(name, { name, pid, startMark: startMarkOf(pid) ?? '' })
      const list = [...records.values()]
      // One after the other: the last to be written must be the newest. Losing one is no disaster.
      writing = writing.then(() => writeProcesses(dataDir, list)).catch(() => undefined)
    },
    async stop(request) {
      await stopPrograms(system.servers, request)
      if (system.sandbox) await stopPrograms([system.sandbox], request)
      await system.postgres?.stop({ hasty: request.isHasty() })
      await writing
    },
  }
  return system
}
