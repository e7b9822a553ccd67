import { type Kysely, sql } from 'kysely'
import type { LakeTables } from './lake.tables.ts'
import type { LakePartition } from './lake-event.ts'
import type { ErasedUser } from './parquet.ts'

export interface LakeFile extends LakePartition {
  id: string
  path: string
  rows: number
  sizeBytes: number
  sha256: string
}

export interface NewLakeFile extends LakeFile {
  /** Filter of the users whose rows it may hold. */
  users: Buffer
}

export interface FileFilter {
  type?: string
  /** Dates, both inclusive. */
  since?: string
  until?: string
}

export type LakeStore = ReturnType<typeof lakeStore>
export type LakeQueries = ReturnType<typeof lakeQueries>

/** Advisory lock of a transaction: shared by who changes files, alone for who needs them to stand still. */
const CONTENTS_LOCK = 7_320_020

const COLUMNS = [
  'id',
  'path',
  'event_type as type',
  sql<string>`event_date::text`.as('date'),
  'row_count as rows',
  sql<number>`size_bytes::float8`.as('sizeBytes'),
  'sha256',
] as const

/** SQL over which files make up the lake. */
export function lakeStore(db: Kysely<LakeTables>) {
  return {
    ...lakeQueries(db),
    transaction: <T>(work: (queries: LakeQueries) => Promise<T>): Promise<T> =>
      db.transaction().execute((trx) => work(lakeQueries(trx))),
  }
}

/** The same inside a transaction. */
export function lakeQueries(db: Kysely<LakeTables>) {
  return {
    /** Until the transaction ends. Who changes files shares it; who erases has it alone. */
    async lock(mode: 'shared' | 'alone'): Promise<void> {
      await (mode === 'shared'
        ? sql`select pg_advisory_xact_lock_shared(${CONTENTS_LOCK})`
        : sql`select pg_advisory_xact_lock(${CONTENTS_LOCK})`
      ).execute(db)
    },

    async liveFiles({ type, since, until }: FileFilter = {}): Promise<LakeFile[]> {
      return db
        .selectFrom('lake_file')
        .select(COLUMNS)
        .where('state', '=', 'live')
        .$if(type !== undefined, (query) => query.where('event_type', '=', type ?? ''))
        .$if(since !== undefined, (query) => query.where('event_date', '>=', since ?? ''))
        .$if(until !== undefined, (query) => query.where('event_date', '<=', until ?? ''))
        .orderBy('event_type')
        .orderBy('event_date')
        .orderBy('created_at')
        .orderBy('id')
        .execute()
    },

    /** A page of the live files in the order of their ids, with the filters of their users. */
    async liveFilters(afterId: string, limit: number): Promise<NewLakeFile[]> {
      return db
        .selectFrom('lake_file')
        .select([...COLUMNS, 'users'])
        .where('state', '=', 'live')
        .where('id', '>', afterId)
        .orderBy('id')
        .limit(limit)
        .execute()
    },

    async add(files: readonly NewLakeFile[]): Promise<void> {
      if (files.length === 0) return
      await db
        .insertInto('lake_file')
        .values(
          files.map(({ id, path, type, date, rows, sizeBytes, sha256, users }) => ({
            id,
            path,
            event_type: type,
            event_date: date,
            row_count: rows,
            size_bytes: sizeBytes,
            sha256,
            users,
            delete_after: null,
          })),
        )
        .execute()
    },

    /** Takes files out of the lake. @returns how many of them were still in it. */
    async replace(ids: readonly string[], deleteAfter: Date): Promise<number> {
      const { numUpdatedRows } = await db
        .updateTable('lake_file')
        .set({ state: 'replaced', delete_after: deleteAfter })
        .where('id', 'in', [...ids])
        .where('state', '=', 'live')
        .executeTakeFirst()
      return Number(numUpdatedRows)
    },

    /** Files out of the lake, whose objects may go. */
    async deletable(now: Date, limit: number): Promise<{ id: string; path: string }[]> {
      return db
        .selectFrom('lake_file')
        .select(['id', 'path'])
        .where('state', '=', 'replaced')
        .where('delete_after', '<=', now)
        .orderBy('delete_after')
        .limit(limit)
        .execute()
    },

    async forget(id: string): Promise<void> {
      await db
        .deleteFrom('lake_file')
        .where('id', '=', id)
        .where('state', '=', 'replaced')
        .execute()
    },

    /** Of these paths, those that are listed, live or not yet deleted. */
    async listed(paths: readonly string[]): Promise<Set<string>> {
      const rows = await db
        .selectFrom('lake_file')
        .select('path')
        .where('path', '=', sql<string>`any(${[...paths]}::text[])`)
        .execute()
      return new Set(rows.map(({ path }) => path))
    },

    async erase(users: readonly ErasedUser[]): Promise<void> {
      for (const { userId, erasedAt } of users) {
        await sql`
          insert into lake_erasure (user_id, erased_at) values (${userId}, ${erasedAt})
          on conflict (user_id) do update
            set erased_at = greatest(lake_erasure.erased_at, excluded.erased_at)`.execute(db)
      }
    },

    /** Which of these users had events erased, and until when. */
    async erasuresOf(userIds: readonly string[]): Promise<ErasedUser[]> {
      return db
        .selectFrom('lake_erasure')
        .select(['user_id as userId', 'erased_at as erasedAt'])
        .where('user_id', '=', sql<string>`any(${[...userIds]}::uuid[])`)
        .execute()
    },
  }
}
