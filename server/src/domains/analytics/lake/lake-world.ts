import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import { type Database, openDatabase } from '#platform/db'
import { type EventTables, eventMetrics, eventSystem, outbox, outboxFeed } from '#platform/events'
import { objectStore } from '#platform/objects'
import { createLogger, createMetrics } from '#platform/telemetry'
import { createTestDatabase } from '#test'
import type { AnalyticsTables } from '../analytics.tables.ts'
import { eventFeed } from '../storage/event-feed.ts'
import { lakeStore } from './lake.store.ts'
import type { LakeTables } from './lake.tables.ts'
import { lakeErasure } from './lake-erasure.ts'
import type { LakeObjects } from './lake-objects.ts'
import { lakeReads } from './lake-reads.ts'
import { lakeUpkeep } from './lake-upkeep.ts'
import { lakeWriter } from './lake-writer.ts'

type Tables = AnalyticsTables & LakeTables & EventTables

const silent = createLogger({ logLevel: 'silent' }, { service: 'test' })

export type LakeWorld = Awaited<ReturnType<typeof createLakeWorld>>

/** A database with stored events, a folder of objects, and the lake that is made of both. */
export async function createLakeWorld() {
  const database = await createTestDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'lake-test-'))
  const opened: Database<Tables> = openDatabase<Tables>({
    url: database.url,
    poolMax: 10,
    statementTimeoutMs: 20_000,
    applicationName: 'test',
  })
  const { db } = opened
  let nowMs = Date.now()
  const clock = { now: () => new Date(nowMs) }
  const objects = objectStore({ kind: 'files', folder: join(folder, 'objects') }, { clock })
  const store = lakeStore(db)
  const workFolder = join(folder, 'work')
  const feed = eventFeed(db)
  const upkeep = lakeUpkeep({ store, objects, workFolder, clock, retentionMonths: 24 })
  const { signal } = new AbortController()

  /** The lake in one process; its objects may be worse than those of others. */
  const system = (own: LakeObjects = objects) => {
    const events = eventSystem({
      db: db.$pickTables<keyof EventTables>(),
      directUrl: database.url,
      bus: { kind: 'database' },
      processName: 'test',
      parties: {
        feeds: [outboxFeed(db.$pickTables<keyof EventTables>()), feed],
        consumers: [
          lakeErasure({
            store,
            objects: own,
            workFolder,
            sweep: upkeep.sweep,
            clock,
            logger: silent,
          }),
        ],
        readers: [
          lakeWriter({
            feed,
            store,
            objects: own,
            workFolder,
            gatherMs: 0,
            putAside: (event, error) => events.putAside('lake', event, error),
          }),
        ],
      },
      metrics: eventMetrics(createMetrics().registry),
      clock,
      logger: silent,
    })
    return events
  }
  const reads = lakeReads({ store, objects, workFolder })

  return {
    db,
    store,
    objects,
    upkeep,
    reads,
    signal,
    system,
    pass(ms: number) {
      nowMs += ms
    },
    now: clock.now,
    /** Stores events of a user, as the intake does. @returns their ids. */
    async put(userId: string, count: number, options: { type?: string; at?: Date } = {}) {
      const { type = 'track.played', at = clock.now() } = options
      const rows = Array.from({ length: count }, (_, n) => ({
        id: uuidv7(),
        type,
        version: 1,
        user_id: userId,
        occurred_at: at,
        received_at: clock.now(),
        payload: JSON.stringify({ n, note: "it's" }),
      }))
      await db.insertInto('analytics_event').values(rows).execute()
      return rows.map(({ id }) => id)
    },
    async erase(userId: string) {
      const { append } = outbox({ clock })
      await append(db, [{ topic: 'user.erased', key: userId, payload: { userId } }])
    },
    /** The ids of the lake's rows, in order, doubles and all. */
    async ids(): Promise<string[]> {
      const { rows } = await reads.query('select id from events order by id', { maxRows: 100_000 })
      return rows.map(([id]) => String(id))
    },
    async keys(): Promise<string[]> {
      return (await Array.fromAsync(objects.list('lake/'))).map(({ key }) => key)
    },
    async close() {
      await opened.close()
      await objects.close()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
