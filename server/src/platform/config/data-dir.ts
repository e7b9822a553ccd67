import { resolve } from 'node:path'
import type { EnvReader } from './env-reader.ts'

/** The checkout: the programs and their default data folder are found from here, from anywhere. */
export const REPOSITORY_ROOT = resolve(import.meta.dirname, '../../../..')

/** DATA_DIR as an absolute path; a relative one is meant from the checkout, whoever calls. */
export const readDataDir = (env: EnvReader): string =>
  resolve(REPOSITORY_ROOT, env.text('DATA_DIR') ?? '.data')
