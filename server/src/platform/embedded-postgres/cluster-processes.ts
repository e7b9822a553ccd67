import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { startMarkOf } from '#platform/process-lock'

/** Every server process works in its cluster's folder; undefined when that cannot be seen. */
function workingDirectory(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}

function commandLine(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}

/** Whether this pid is a server process of the cluster, and not a stranger with a reused pid. */
function isClusterProcess(pid: number, cluster: string): boolean {
  if (process.platform === 'linux') return workingDirectory(pid) === cluster
  return commandLine(pid).includes(cluster)
}

/** The pid in the cluster's postmaster.pid, running or not. */
export function recordedPid(cluster: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n', 1)[0])
    return Number.isInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}

/** The port that a running server wrote down, from the fourth line of postmaster.pid. */
export function recordedPort(cluster: string): number | undefined {
  try {
    const port = Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[3])
    return port > 0 ? port : undefined
  } catch {
    return undefined
  }
}

/** The pid of the cluster's running server. `cluster` is a real path. */
export function runningPid(cluster: string): number | undefined {
  const pid = recordedPid(cluster)
  return pid !== undefined && isClusterProcess(pid, cluster) ? pid : undefined
}

/** All server processes of the cluster; empty where the system cannot list them. */
export function clusterPids(cluster: string): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => workingDirectory(pid) === cluster)
}

export function isAlive(pid: number): boolean {
  return startMarkOf(pid) !== undefined
}
