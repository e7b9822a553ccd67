import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Pool } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import {
  type AnalyticsTables,
  type CheckedEvent,
  checkEvent,
  type EventCatalogue,
  frameCompiler,
} from '#domains/analytics'
import type { DatabaseConfig } from '#platform/config'
import { openDatabase } from '#platform/db'
import { AppError } from '#platform/errors'
import { callerOf, type HttpServer } from '#platform/http'

interface Baselines {
  database: DatabaseConfig
  catalogue: EventCatalogue
}

const COLUMNS = 'id, type, version, user_id, occurred_at, received_at, payload'

const rowOf = (event: CheckedEvent) => ({
  id: event.id,
  type: event.type.type,
  version: event.type.version,
  user_id: event.userId,
  occurred_at: event.occurredAt,
  received_at: new Date(),
  payload: event.payload,
})

/** COPY's text form. Canonical JSON holds neither tab nor line feed, but may hold a backslash. */
function lineOf(event: CheckedEvent): string {
  const values = Object.values(rowOf(event)).map((value) =>
    value instanceof Date ? value.toISOString() : String(value),
  )
  return `${values.join('\t').replaceAll('\\', '\\\\')}\n`
}

/**
 * What the intake is measured against, behind the same door: an INSERT for each event, as every
 * other store here writes a row, and a COPY for each request, into the same table. Neither knows an
 * event that was sent before.
 */
export function addBaselines(app: HttpServer, { database: config, catalogue }: Baselines): void {
  const pool = new Pool({ connectionString: config.url, max: config.poolMax })
  const database = openDatabase<AnalyticsTables>({ ...config, applicationName: 'bench' })
  app.addHook('onClose', async () => {
    await Promise.all([pool.end(), database.close()])
  })

  async function insertEach(events: readonly CheckedEvent[]): Promise<void> {
    for (const event of events) {
      await database.db.insertInto('analytics_event').values(rowOf(event)).execute()
    }
  }

  async function copyAll(events: readonly CheckedEvent[]): Promise<void> {
    const client = await pool.connect()
    try {
      const copy = client.query(copyFrom(`copy analytics_event (${COLUMNS}) from stdin`))
      await pipeline(Readable.from([events.map(lineOf).join('')]), copy)
    } finally {
      client.release()
    }
  }

  const writes = { '/bench/insert': insertEach, '/bench/copy': copyAll }
  for (const [path, write] of Object.entries(writes)) {
    app.post(
      path,
      {
        schema: { hide: true, body: {} },
        validatorCompiler: frameCompiler,
        config: {
          access: { scope: 'analytics:write' },
          judgesBodyText: true,
          priority: 'intake',
        },
      },
      async (request) => {
        const arrival = { userId: callerOf(request).userId, now: new Date() }
        const { events } = request.body as { events: readonly unknown[] }
        const good = events
          .map((event) => checkEvent(catalogue, event, arrival))
          .filter((event): event is CheckedEvent => !(event instanceof AppError))
        await write(good)
        return { results: good.map(({ id }) => ({ id, status: 'accepted' })) }
      },
    )
  }
}
