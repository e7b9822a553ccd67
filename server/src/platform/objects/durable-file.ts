import { link, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorCode } from '#platform/errors'
import type { Chunks } from './object-driver.ts'

/** What an object holds may be personal: it is for this process's user alone. */
const FILE_MODE = 0o600

/** Writes a new file and waits until it is on the disk; leaves nothing behind when that fails. */
export async function writeSynced(path: string, chunks: Chunks): Promise<void> {
  const file = await open(path, 'wx', FILE_MODE)
  try {
    for await (const chunk of chunks) await file.writeFile(chunk)
    await file.sync()
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

/** A file's name is durable only once its folder is: a power cut may else undo the rename. */
async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder.
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Makes a folder and those above it, durably. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true })
  if (first === undefined) return
  const top = dirname(first)
  for (let made = path; made !== top; made = dirname(made)) await syncFolder(dirname(made))
}

/** Puts a written file in its place, over what is there. */
export async function moveDurably(from: string, to: string): Promise<void> {
  await rename(from, to)
  await syncFolder(dirname(to))
}

/** Puts a written file in its place unless there is one. @returns whether it was put. */
export async function moveIfAbsent(from: string, to: string): Promise<boolean> {
  try {
    // Unlike a rename, a link never replaces: of many rivals, one gets the name.
    await link(from, to)
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  } finally {
    await rm(from, { force: true })
  }
  await syncFolder(dirname(to))
  return true
}
