import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/**
 * Where evaluation data lies that is not part of the project: the folder that
 * MUSIC_LANGUAGE_DATA names, else `shared/data` beside the checkout.
 * `missing` is undefined when the path is there, else says what a test goes without.
 */
export function sharedData(path: string): { path: string; missing: string | undefined } {
  const root =
    process.env['MUSIC_LANGUAGE_DATA'] ?? resolve(import.meta.dirname, '../../../../shared/data')
  const full = resolve(root, path)
  return { path: full, missing: existsSync(full) ? undefined : `${full} is not there` }
}
