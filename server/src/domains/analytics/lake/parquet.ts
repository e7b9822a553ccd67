import { join } from 'node:path'
import { type DuckDb, pathList, quoted } from './duckdb.ts'
import type { LakeEvent } from './lake-event.ts'

/** Times are UTC and have no zone, which readers of Parquet agree on best. */
export const EVENT_COLUMNS = `id uuid, type varchar, version integer, user_id uuid, occurred_at timestamp,
  received_at timestamp, payload json`

/** The rows of one user lie together; the id makes the order, and so the file, the same each time. */
const ORDER = 'user_id, occurred_at, id'

const ROW_GROUP_ROWS = 50_000

/** Rows of which a user had those erased that were received until a time. */
export interface ErasedUser {
  userId: string
  erasedAt: Date
}

export interface WrittenFile {
  path: string
  rows: number
  userIds: string[]
}

const copyTo = (query: string, path: string) =>
  `copy (${query} order by ${ORDER}) to ${quoted(path)}
   (format parquet, compression zstd, row_group_size ${ROW_GROUP_ROWS})`

const source = (paths: readonly string[]) =>
  `read_parquet(${pathList(paths)}, union_by_name = true)`

const timestamp = (at: Date) => at.toISOString().replace('Z', '')

/** Writes events of one partition as one file. */
export async function writeEvents(
  { connection, folder }: DuckDb,
  name: string,
  events: readonly LakeEvent[],
): Promise<WrittenFile> {
  const path = join(folder, `${name}.parquet`)
  await connection.run(`create or replace temp table batch (${EVENT_COLUMNS})`)
  // As one JSON value: the appender knows neither UUIDs nor times as text.
  const rows = events.map((event) => ({
    id: event.id,
    type: event.type,
    version: event.version,
    user_id: event.userId,
    occurred_at: timestamp(event.occurredAt),
    received_at: timestamp(event.receivedAt),
    payload: event.payload,
  }))
  await connection.run(
    `insert into batch select unnest(from_json($1::json, '[{"id": "UUID", "type": "VARCHAR",
      "version": "INTEGER", "user_id": "UUID", "occurred_at": "TIMESTAMP",
      "received_at": "TIMESTAMP", "payload": "VARCHAR"}]'), recursive := true)`,
    [JSON.stringify(rows)],
  )
  await connection.run(copyTo('select * from batch', path))
  return { path, rows: events.length, userIds: [...new Set(events.map(({ userId }) => userId))] }
}

/** Writes the rows of several files as one, without those that were erased. */
export async function mergeFiles(
  { connection, folder }: DuckDb,
  name: string,
  { inputs, erased }: { inputs: readonly string[]; erased: readonly ErasedUser[] },
): Promise<WrittenFile> {
  const path = join(folder, `${name}.parquet`)
  await connection.run('create or replace temp table erased (user_id uuid, erased_at timestamp)')
  for (const { userId, erasedAt } of erased) {
    await connection.run('insert into erased values ($1::uuid, $2::timestamp)', [
      userId,
      timestamp(erasedAt),
    ])
  }
  const kept = `select event.* from ${source(inputs)} as event where not exists (
    select 1 from erased
    where erased.user_id = event.user_id and event.received_at <= erased.erased_at)`
  await connection.run(copyTo(kept, path))
  const rows = await countRows({ connection }, [path])
  return { path, rows, userIds: await distinct({ connection }, 'user_id', [path]) }
}

async function countRows(
  { connection }: Pick<DuckDb, 'connection'>,
  paths: readonly string[],
): Promise<number> {
  const result = await connection.runAndReadAll(`select count(*)::integer from ${source(paths)}`)
  return Number(result.getRows()[0]?.[0] ?? 0)
}

/** The different values of a column of UUIDs. */
async function distinct(
  { connection }: Pick<DuckDb, 'connection'>,
  column: 'id' | 'user_id',
  paths: readonly string[],
): Promise<string[]> {
  const result = await connection.runAndReadAll(
    `select distinct ${column}::varchar from ${source(paths)}`,
  )
  return result.getRows().map(([value]) => String(value))
}

export const readIds = (duck: DuckDb, paths: readonly string[]): Promise<string[]> =>
  distinct(duck, 'id', paths)
