import { type FileHandle, open, readFile, rename } from 'node:fs/promises'
import { errorCode } from '#platform/errors'

const TAIL_LINES = 15
const TAIL_LINE_LENGTH = 500

/** Puts the log of the run before aside as `.1`. */
export async function rotateLog(file: string): Promise<void> {
  try {
    await rename(file, `${file}.1`)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
}

export function openLog(file: string): Promise<FileHandle> {
  return open(file, 'a', 0o600)
}

/** The last lines of a log, long ones shortened. */
export async function logTail(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const lines = text.trimEnd().split('\n').slice(-TAIL_LINES)
  return lines.map((line) => `    ${line.slice(0, TAIL_LINE_LENGTH)}`).join('\n')
}
