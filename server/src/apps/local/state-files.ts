import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Env } from '#platform/config'
import { errorCode } from '#platform/errors'

/** What `DATA_DIR/local.json` says while the system runs, for the CLI to find it. */
export interface LocalState {
  readonly apiUrl: string
  readonly metricsUrl: string
  readonly sandboxUrl: string | undefined
  readonly databaseUrl: string
  /** Of the supervisor; with the mark, a reused pid is not taken for it. */
  readonly pid: number
  readonly startMark: string
  /** What the run adds to the environment of its own programs, secrets included. */
  readonly environment: Env
  /** ISO 8601. */
  readonly startedAt: string
}

/** One program of ours, named so that a reused pid is not taken for it. */
export interface ProcessRecord {
  readonly name: string
  readonly pid: number
  readonly startMark: string
}

const statePath = (dataDir: string) => join(dataDir, 'local.json')
const processesPath = (dataDir: string) => join(dataDir, 'processes.json')

async function writeJson(file: string, value: unknown): Promise<void> {
  const draft = `${file}.new`
  // Private: both files of a run may hold its secrets.
  await writeFile(draft, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 })
  await rename(draft, file)
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined
    throw error
  }
}

export const writeState = (dataDir: string, state: LocalState) =>
  writeJson(statePath(dataDir), state)

export async function readState(dataDir: string): Promise<LocalState | undefined> {
  return (await readJson(statePath(dataDir))) as LocalState | undefined
}

export const writeProcesses = (dataDir: string, records: readonly ProcessRecord[]) =>
  writeJson(processesPath(dataDir), records)

export async function readProcesses(dataDir: string): Promise<ProcessRecord[]> {
  const records = await readJson(processesPath(dataDir))
  return Array.isArray(records) ? (records as ProcessRecord[]) : []
}

export async function removeState(dataDir: string): Promise<void> {
  await rm(statePath(dataDir), { force: true })
  await rm(processesPath(dataDir), { force: true })
}
