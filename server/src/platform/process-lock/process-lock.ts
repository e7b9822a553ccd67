import { randomUUID } from 'node:crypto'
import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { errorCode } from '#platform/errors'
import { isSameProcess, startMarkOf } from './process-identity.ts'

export interface LockOwner {
  readonly pid: number
  readonly startMark: string
}

export type ProcessLock =
  | { readonly acquired: true; release(): Promise<void> }
  | { readonly acquired: false; readonly owner: LockOwner }

const UNKNOWN_OWNER: LockOwner = { pid: 0, startMark: '' }

async function readOwner(file: string): Promise<LockOwner> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (typeof value !== 'object' || value === null) return UNKNOWN_OWNER
    const { pid, startMark } = value as Partial<LockOwner>
    if (typeof pid !== 'number' || typeof startMark !== 'string') return UNKNOWN_OWNER
    return { pid, startMark }
  } catch (error) {
    // Released between the listing and the reading, or cut short by a full disk or a power cut.
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return UNKNOWN_OWNER
    throw error
  }
}

async function generations(path: string): Promise<number[]> {
  const prefix = `${basename(path)}.`
  const names = await readdir(dirname(path))
  return names
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .toSorted((left, right) => left - right)
}

/** Creates the file whole or not at all; false when somebody else has created it first. */
async function createWhole(path: string, file: string, owner: LockOwner): Promise<boolean> {
  const draft = join(dirname(path), `.${basename(path)}-${randomUUID()}`)
  await writeFile(draft, JSON.stringify(owner))
  try {
    await link(draft, file)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/**
 * Takes the lock `path` for this process, or says who has it. The folder must exist.
 *
 * The lock is the file `path.N` with the highest N. A dead owner's file is never removed in order
 * to take its place (two that do so at once remove each other's): the next generation is created
 * beside it, which only one can do, and a winner that then sees a still higher one steps back.
 */
export async function acquireProcessLock(path: string): Promise<ProcessLock> {
  const mine: LockOwner = { pid: process.pid, startMark: startMarkOf(process.pid) ?? '' }
  for (;;) {
    const highest = (await generations(path)).at(-1) ?? 0
    const owner = await readOwner(`${path}.${highest}`)
    if (owner.pid > 0 && isSameProcess(owner.pid, owner.startMark))
      return { acquired: false, owner }

    const file = `${path}.${highest + 1}`
    if (!(await createWhole(path, file, mine))) continue
    const now = await generations(path)
    if (now.at(-1) !== highest + 1) {
      await rm(file, { force: true })
      continue
    }
    const older = now.filter((generation) => generation <= highest)
    await Promise.all(older.map((generation) => rm(`${path}.${generation}`, { force: true })))
    return { acquired: true, release: () => rm(file, { force: true }) }
  }
}
