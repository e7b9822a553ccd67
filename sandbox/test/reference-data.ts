import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER =
  process.env['MUSIC_LANGUAGE_DATA'] ??
  fileURLToPath(new URL('../../../shared/data', import.meta.url))

/** Path of a file or folder that is kept outside the repository; without it the test is skipped. */
export function referenceData(skip: (note: string) => void, ...parts: string[]): string {
  const path = join(FOLDER, ...parts)
  if (!existsSync(path)) skip(`needs ${path}; set MUSIC_LANGUAGE_DATA to the folder that holds it`)
  return path
}

export function referenceJson(skip: (note: string) => void, ...parts: string[]): unknown {
  return JSON.parse(readFileSync(referenceData(skip, ...parts), 'utf8'))
}
