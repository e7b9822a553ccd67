import pLimit from 'p-limit'
import type { Client } from 'pg'
import type { ObjectStore } from '#platform/objects'
import type { BackupPlace } from './backup-place.ts'
import {
  CURSOR_TABLE,
  type FeedTable,
  feedPlan,
  readCursors,
  requireKnownCursors,
  requireKnownFeeds,
} from './feeds.ts'
import { loadOrder } from './load-order.ts'
import { type BackupManifest, encodeManifest, MANIFEST_FILE, type TableCopy } from './manifest.ts'
import { copyObjects } from './object-copies.ts'
import { readReferences, readSequences, readTables, type TableInfo } from './schema-reader.ts'
import { withSession } from './session.ts'
import { type CopyPlan, columnList, copyTable, planOf } from './table-copies.ts'
import { copyWaitingJobs } from './waiting-jobs.ts'

export interface CreateBackupOptions {
  /** Of the server itself: a pooler in transaction mode knows no snapshots. */
  databaseUrl: string
  place: BackupPlace
  feeds: readonly FeedTable[]
  /** Copied too, when given. */
  objects?: ObjectStore
  /** Tables that are copied at once, each over a connection of its own. */
  parallel?: number
  onProgress?: (done: { table: string; rows: number }) => void
}

const DEFAULT_PARALLEL = 2

interface Facts {
  tables: TableInfo[]
  plans: CopyPlan[]
  cursors: BackupManifest['cursors']
  migrations: string[]
  snapshot: string
  snapshotAt: Date
  database: string
  serverVersion: string
}

async function lockAgainstChanges(client: Client, tables: readonly TableInfo[]): Promise<void> {
  const names = tables.filter(({ parent }) => parent === null).map(({ table }) => table)
  // Without it a migration could take a table away between its listing and its copying.
  await client.query(`lock table ${columnList(names)} in access share mode`)
}

function plansOf(
  tables: readonly TableInfo[],
  feeds: readonly FeedTable[],
  order: readonly string[],
): CopyPlan[] {
  const feedOf = new Map(feeds.map((feed) => [feed.table, feed]))
  const place = new Map(order.map((table, index) => [table, index]))
  const rank = (table: TableInfo) => place.get(table.parent ?? table.table) ?? 0
  return tables
    .toSorted((a, b) => rank(a) - rank(b))
    .flatMap((table) => {
      const feed = feedOf.get(table.table)
      if (feed !== undefined) return [feedPlan(feed, table)]
      const isElsewhere =
        table.partitioned || table.table === CURSOR_TABLE || feedOf.has(table.parent ?? '')
      return isElsewhere ? [] : [planOf(table.table, table.columns)]
    })
}

/** Within the transaction whose snapshot is exported: all that follows is of one moment. */
async function readFacts(client: Client, feeds: readonly FeedTable[]): Promise<Facts> {
  const tables = await readTables(client)
  await lockAgainstChanges(client, tables)
  const own = feeds.filter((feed) => tables.some(({ table }) => table === feed.table))
  requireKnownFeeds(tables, own)
  const hasCursors = tables.some(({ table }) => table === CURSOR_TABLE)
  if (hasCursors) await requireKnownCursors(client, own)
  const cursors: Facts['cursors'] = []
  if (hasCursors) for (const feed of own) cursors.push(...(await readCursors(client, feed)))
  const roots = tables.filter(({ parent }) => parent === null).map(({ table }) => table)
  const order = loadOrder(roots, await readReferences(client))
  const migrations = await client.query<{ name: string }>(
    'select name from schema_migration order by name',
  )
  const { rows } = await client.query<Omit<Facts, 'tables' | 'plans' | 'cursors' | 'migrations'>>(
    `select pg_export_snapshot() as "snapshot", now() as "snapshotAt",
       current_database() as "database", current_setting('server_version') as "serverVersion"`,
  )
  const [facts] = rows
  if (facts === undefined) throw new Error('no snapshot was exported')
  return {
    ...facts,
    tables,
    plans: plansOf(tables, own, order),
    cursors,
    migrations: migrations.rows.map(({ name }) => name),
  }
}

const BEGIN = 'begin transaction isolation level repeatable read, read only'

/**
 * Copies the database as it was at one moment, while it goes on being used: every connection looks
 * at the same exported snapshot. The manifest is written last, so that a backup without one is none.
 * @throws BackupError
 */
export async function createBackup(options: CreateBackupOptions): Promise<BackupManifest> {
  const { databaseUrl, place, feeds, objects, onProgress } = options
  await place.requireEmpty()
  return withSession(databaseUrl, async (client) => {
    await client.query(BEGIN)
    const facts = await readFacts(client, feeds)
    const tables = await copyTables(facts, options, onProgress)
    const jobs = await copyWaitingJobs(client, place)
    // Whatever the snapshot names was put there before; nothing is taken away so soon.
    const copied = objects && (await copyObjects(objects, place))
    const manifest: BackupManifest = {
      format: 1,
      snapshotAt: facts.snapshotAt.toISOString(),
      finishedAt: new Date().toISOString(),
      database: facts.database,
      serverVersion: facts.serverVersion,
      migrations: facts.migrations,
      tables,
      partitions: facts.tables.flatMap(({ table, parent, bound }) =>
        parent === null || bound === null ? [] : [{ partition: table, parent, bound }],
      ),
      sequences: await readSequences(client),
      cursors: facts.cursors,
      ...(jobs !== undefined && { jobs }),
      ...(copied !== undefined && { objects: copied }),
    }
    await client.query('commit')
    await place.write(MANIFEST_FILE, chunksOf(encodeManifest(manifest)))
    return manifest
  })
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function copyTables(
  { plans, snapshot }: Facts,
  { databaseUrl, place, parallel = DEFAULT_PARALLEL }: CreateBackupOptions,
  onProgress: CreateBackupOptions['onProgress'],
): Promise<TableCopy[]> {
  const limit = pLimit(parallel)
  const copyOne = (plan: CopyPlan) =>
    withSession(databaseUrl, async (client) => {
      await client.query(BEGIN)
      await client.query(`set transaction snapshot ${client.escapeLiteral(snapshot)}`)
      const copy = await copyTable(client, plan, place)
      onProgress?.({ table: copy.table, rows: copy.rows })
      return copy
    })
  const copies = await Promise.allSettled(plans.map((plan) => limit(() => copyOne(plan))))
  // Waited for all: the snapshot must not go while somebody still copies from it.
  return copies.map((copy) => {
    if (copy.status === 'rejected') throw copy.reason
    return copy.value
  })
}
