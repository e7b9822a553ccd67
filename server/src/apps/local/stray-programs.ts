import { setTimeout as delay } from 'node:timers/promises'
import { errorCode } from '#platform/errors'
import { isSameProcess } from '#platform/process-lock'
import type { ProcessRecord } from './state-files.ts'

const POLL_MS = 50

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error
  }
}

/**
 * Ends the programs of a run whose supervisor was killed: they stop by themselves when their
 * channel closes, and get `graceMs` for that before they are killed.
 */
export async function endStrays(records: readonly ProcessRecord[], graceMs: number): Promise<void> {
  const alive = () => records.filter(({ pid, startMark }) => isSameProcess(pid, startMark))
  for (const { pid } of alive()) send(pid, 'SIGTERM')
  const deadlineMs = performance.now() + graceMs
  while (alive().length > 0) {
    if (performance.now() > deadlineMs) for (const { pid } of alive()) send(pid, 'SIGKILL')
    await delay(POLL_MS)
  }
}
