import { type DuckDb, pathList, withDuckDb } from './duckdb.ts'
import { invalidQuery } from './lake.errors.ts'
import type { FileFilter, LakeStore } from './lake.store.ts'
import { fetchFiles, type LakeObjects } from './lake-objects.ts'
import { EVENT_COLUMNS } from './parquet.ts'

export interface LakeAnswer {
  columns: string[]
  rows: unknown[][]
  /** Whether there are more rows than were asked for. */
  isCut: boolean
}

export interface LakeReport {
  files: number
  rows: number
  bytes: number
  bad: { path: string; error: string }[]
}

export interface LakeReads {
  /**
   * Answers one SELECT over the view `events` of the live files. The files are brought to this
   * machine first: narrow them by type and date where there are many.
   * @throws AppError `analytics.invalid_lake_query`
   */
  query(sql: string, options: FileFilter & { maxRows: number }): Promise<LakeAnswer>
  /** Reads every live file and compares it with its hash. */
  verify(onProgress?: (files: number) => void): Promise<LakeReport>
}

/** DuckDB's number for SELECT. */
const SELECT = 1

export function lakeReads(dependencies: {
  store: LakeStore
  objects: LakeObjects
  workFolder: string
}): LakeReads {
  const { store, objects, workFolder } = dependencies
  return {
    query: (sql, { maxRows, ...filter }) =>
      withDuckDb(workFolder, async (duck) => {
        const paths = await fetchFiles(objects, await store.liveFiles(filter), duck.folder)
        await showOnly(duck, paths)
        try {
          return await answer(duck, sql, maxRows)
        } catch (error) {
          throw invalidQuery(error)
        }
      }),

    async verify(onProgress) {
      const report: LakeReport = { files: 0, rows: 0, bytes: 0, bad: [] }
      for (const { path, sha256, rows, sizeBytes } of await store.liveFiles()) {
        try {
          await objects.verify(path, sha256)
        } catch (error) {
          report.bad.push({ path, error: error instanceof Error ? error.message : String(error) })
        }
        report.files += 1
        report.rows += rows
        report.bytes += sizeBytes
        onProgress?.(report.files)
      }
      return report
    },
  }
}

/** Makes the view, then shuts everything else: other files, the network, settings. */
async function showOnly({ connection }: DuckDb, paths: readonly string[]): Promise<void> {
  await connection.run(`set allowed_paths = ${pathList(paths)}`)
  await connection.run('set enable_external_access = false')
  await connection.run('set lock_configuration = true')
  await connection.run(
    paths.length === 0
      ? `create table events (${EVENT_COLUMNS})`
      : `create view events as select * from read_parquet(${pathList(paths)}, union_by_name = true)`,
  )
}

async function answer({ connection }: DuckDb, sql: string, maxRows: number): Promise<LakeAnswer> {
  const statements = await connection.extractStatements(sql)
  if (statements.count !== 1) throw new Error('give one statement')
  const prepared = await statements.prepare(0)
  if (prepared.statementType !== SELECT) throw new Error('only a SELECT is answered')
  const reader = await prepared.streamAndReadUntil(maxRows + 1)
  const rows = reader.getRowsJson()
  return {
    columns: reader.columnNames(),
    rows: rows.slice(0, maxRows),
    isCut: rows.length > maxRows,
  }
}
