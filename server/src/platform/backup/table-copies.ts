import { pipeline } from 'node:stream/promises'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'
import type { Client } from 'pg'
import { escapeIdentifier } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { BackupPlace, Written } from './backup-place.ts'
import type { TableCopy } from './manifest.ts'

/** What of a table is copied, and in which order. */
export interface CopyPlan {
  table: string
  columns: string[]
  /** The select that gives those columns. */
  select: string
}

export const columnList = (columns: readonly string[]): string =>
  columns.map((column) => escapeIdentifier(column)).join(', ')

export function planOf(table: string, columns: string[]): CopyPlan {
  const select = `select ${columnList(columns)} from only ${escapeIdentifier(table)}`
  return { table, columns, select }
}

/** Streams what COPY gives through zstd to the place; in bounded memory, whatever its size. */
export async function copyOut(
  client: Client,
  copy: string,
  place: BackupPlace,
  file: string,
): Promise<Written & { rows: number }> {
  const source = client.query(copyTo(copy))
  const written = Promise.withResolvers<Written>()
  await pipeline(source, createZstdCompress(), async (chunks: AsyncIterable<Uint8Array>) => {
    written.resolve(await place.write(file, chunks))
  })
  return { ...(await written.promise), rows: source.rowCount }
}

export async function copyTable(
  client: Client,
  { table, columns, select }: CopyPlan,
  place: BackupPlace,
): Promise<TableCopy> {
  const file = `tables/${table}.copy.zst`
  const written = await copyOut(client, `copy (${select}) to stdout`, place, file)
  return { table, columns, file, ...written }
}

/** Loads a table's rows. @returns how many there were. */
export async function loadTable(
  client: Client,
  copy: TableCopy,
  place: BackupPlace,
): Promise<number> {
  const target = client.query(
    copyFrom(`copy ${escapeIdentifier(copy.table)} (${columnList(copy.columns)}) from stdin`),
  )
  await pipeline(await place.open(copy.file, copy), createZstdDecompress(), target)
  return target.rowCount
}
