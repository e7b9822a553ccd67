import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { errorCode } from '#platform/errors'
import { clusterPids, isAlive, recordedPid, runningPid } from './cluster-processes.ts'

const POLL_MS = 20

/**
 * PostgreSQL's shutdown modes by signal, each with the time it gets
 * (https://www.postgresql.org/docs/18/server-shutdown.html): fast ends sessions and writes a
 * checkpoint; immediate skips the checkpoint, and the next start replays the log.
 */
const STEPS = [
  { signal: 'SIGINT', waitMs: 20_000 },
  { signal: 'SIGQUIT', waitMs: 5_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
] as const

/** Backends that lost their postmaster notice at their next wait; this is ample. */
const STRAY_WAIT_MS = 3_000

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error
  }
}

async function waitUntil(condition: () => boolean, waitMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + waitMs
  while (!condition()) {
    if (performance.now() > deadlineMs) return false
    await delay(POLL_MS)
  }
  return true
}

/** Stops the server, fast if it can and harder if it must; `hasty` starts with immediate mode. */
export async function stopServer(pid: number, { hasty = false } = {}): Promise<void> {
  for (const { signal, waitMs } of hasty ? STEPS.slice(1) : STEPS) {
    if (!isAlive(pid)) return
    send(pid, signal)
    if (await waitUntil(() => !isAlive(pid), waitMs)) return
  }
}

/**
 * Clears what a killed server left: its stray backends, and a postmaster.pid whose number now
 * belongs to a stranger (PostgreSQL would take that for a running server and refuse to start).
 * A pid file whose process has ended is left to PostgreSQL, which knows how to judge it.
 */
export async function clearRemains(cluster: string): Promise<void> {
  if (runningPid(cluster) !== undefined) return
  const gone = () => clusterPids(cluster).length === 0
  if (!(await waitUntil(gone, STRAY_WAIT_MS))) {
    for (const pid of clusterPids(cluster)) send(pid, 'SIGKILL')
    await waitUntil(gone, STRAY_WAIT_MS)
  }
  const pid = recordedPid(cluster)
  if (pid !== undefined && processExists(pid)) await rm(join(cluster, 'postmaster.pid'))
}

/** Zombies included: they too make PostgreSQL believe that the server runs. */
function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}
