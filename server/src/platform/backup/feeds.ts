import { type Client, escapeIdentifier } from 'pg'
import { BackupError } from './backup-error.ts'
import type { BackupManifest } from './manifest.ts'
import type { TableInfo } from './schema-reader.ts'
import { type CopyPlan, columnList } from './table-copies.ts'

/** An append-only table with columns `xid` and `seq`, and the name of its cursors. */
export interface FeedTable {
  feed: string
  table: string
  /** What its readers go by: `(xid, seq)`, or `seq` alone. */
  order: 'transaction' | 'row'
}

export type FeedCursor = BackupManifest['cursors'][number]

export const CURSOR_TABLE = 'event_cursor'

/**
 * Transaction numbers mean nothing in another cluster: rows with numbers from its future would wait
 * until it has caught up, and readers who stand at such a number would pass by everything that is
 * new. So rows leave without them, and all get the number of the transaction that restores them,
 * which comes before any later one. Where the order depended on them, the entries are copied in that
 * order and numbered anew from 1, partitions together, since the order runs through them all.
 */
export function feedPlan(feed: FeedTable, { columns, transactionColumns }: TableInfo): CopyPlan {
  const copied = columns.filter((column) => !transactionColumns.includes(column))
  if (!copied.includes('seq')) throw new BackupError(`the feed ${feed.table} has no column seq`)
  const table = escapeIdentifier(feed.table)
  if (feed.order === 'row') {
    const select = `select ${columnList(copied)} from ${table} order by seq`
    return { ...feed, columns: copied, select }
  }
  const others = copied.filter((column) => column !== 'seq')
  return {
    ...feed,
    columns: [...others, 'seq'],
    select: `select ${columnList(others)}, row_number() over (order by xid, seq) as seq
      from ${table} order by xid, seq`,
  }
}

/** Where each consumer stands, in the numbers that the plan gives to the entries. */
export async function readCursors(
  client: Client,
  { feed, table, order }: FeedTable,
): Promise<FeedCursor[]> {
  const entries = escapeIdentifier(table)
  // What lies behind a cursor is little, what lies before it may be everything.
  const consumed = `(select count(*) from ${entries}) - (
    select count(*) from ${entries} as entry
    where (entry.xid, entry.seq) > (reader.xid, reader.seq))`
  const { rows } = await client.query<Omit<FeedCursor, 'withinTransaction'>>(
    `select feed, consumer, (${order === 'row' ? 'seq' : consumed})::text as seq
     from ${CURSOR_TABLE} as reader where feed = $1 order by consumer`,
    [feed],
  )
  return rows.map((row) => ({ ...row, withinTransaction: order === 'transaction' }))
}

/** @throws BackupError for a table of transaction numbers that nobody has said to be a feed. */
export function requireKnownFeeds(tables: readonly TableInfo[], feeds: readonly FeedTable[]): void {
  const known = new Set([CURSOR_TABLE, ...feeds.map(({ table }) => table)])
  const rootOf = ({ table, parent }: TableInfo) => parent ?? table
  for (const table of tables) {
    if (table.transactionColumns.length === 0 || known.has(rootOf(table))) continue
    throw new BackupError(
      `${table.table} holds transaction numbers of this cluster and is no known feed`,
    )
  }
}

/** @throws BackupError when somebody reads a feed that is not among these. */
export async function requireKnownCursors(
  client: Client,
  feeds: readonly FeedTable[],
): Promise<void> {
  const { rows } = await client.query<{ feed: string }>(
    `select distinct feed from ${CURSOR_TABLE} where feed <> all ($1)`,
    [feeds.map(({ feed }) => feed)],
  )
  const [first] = rows
  if (first !== undefined) throw new BackupError(`the feed ${first.feed} has readers, but no table`)
}

/** Puts the readers back behind the entries that they have had. */
export async function restoreCursors(
  client: Client,
  cursors: readonly FeedCursor[],
): Promise<void> {
  for (const { feed, consumer, seq, withinTransaction } of cursors) {
    await client.query(
      `insert into ${CURSOR_TABLE} (feed, consumer, xid, seq)
       values ($1, $2, case when $4 then pg_current_xact_id() else '0' end, $3)`,
      [feed, consumer, seq, withinTransaction],
    )
  }
}
