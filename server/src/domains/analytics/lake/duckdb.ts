import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'

/** A database in memory, and a folder for files that lives as long as it. */
export interface DuckDb {
  connection: DuckDBConnection
  folder: string
}

const MEMORY_LIMIT = '256MB'

const SETTINGS = {
  memory_limit: MEMORY_LIMIT,
  // What one thread writes is the same each time, byte by byte.
  threads: '1',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
}

/** Runs work on a DuckDB of its own, in bounded memory: what needs more is spilled to the folder. */
export async function withDuckDb<T>(
  workFolder: string,
  work: (duck: DuckDb) => Promise<T>,
): Promise<T> {
  // Loaded only by who writes or reads the lake: 40 MB that no API process needs.
  const { DuckDBInstance } = await import('@duckdb/node-api')
  await mkdir(workFolder, { recursive: true })
  const folder = await mkdtemp(join(workFolder, 'lake-'))
  try {
    const instance = await DuckDBInstance.create(':memory:', {
      ...SETTINGS,
      temp_directory: join(folder, 'spill'),
    })
    const connection = await instance.connect()
    try {
      return await work({ connection, folder })
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** A text as SQL writes it: for statements such as COPY that take no parameters. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

export const pathList = (paths: readonly string[]): string => `[${paths.map(quoted).join(', ')}]`
