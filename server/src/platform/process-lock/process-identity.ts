import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Fields of /proc/<pid>/stat after the command name, which may itself hold spaces and brackets. */
const STATE_FIELD = 0
/** proc_pid_stat(5): `starttime` is field 22, the 20th after the name. */
const START_TIME_FIELD = 19

function linuxStartMark(pid: number): string | undefined {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return undefined
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const state = fields[STATE_FIELD]
  // A zombie has ended: in a container without an init nobody may ever reap it.
  if (state === 'Z' || state === 'X') return undefined
  // Ticks count from boot, so the same figure may return after one.
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
  return `${bootId}:${fields[START_TIME_FIELD] ?? ''}`
}

function portableStartMark(pid: number): string | undefined {
  try {
    const output = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
    return output.trim() || undefined
  } catch {
    return undefined
  }
}

/**
 * When the process with this pid started, as an opaque mark; undefined when no such process runs.
 * A pid and its mark together name one process for good, where a pid alone is used again.
 */
export function startMarkOf(pid: number): string | undefined {
  return process.platform === 'linux' ? linuxStartMark(pid) : portableStartMark(pid)
}

/** Whether the process that once had this pid and mark still runs. */
export function isSameProcess(pid: number, startMark: string): boolean {
  return startMarkOf(pid) === startMark
}
