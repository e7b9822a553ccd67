import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Pool } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import {
  type CheckedEvent,
  checkEvent,
  type EventCatalogue,
  frameCompiler,
} from '#domains/analytics'
import { AppError } from '#platform/errors'
import { callerOf, type HttpServer } from '#platform/http'

interface Baselines {
  databaseUrl: string
  /** As many connections as the service has. */
  poolMax: number
  catalogue: EventCatalogue
}

const COLUMNS = 'id, type, version, user_id, occurred_at, received_at, payload'

const columnsOf = (event: CheckedEvent): string[] => [
  event.id,
  event.type.type,
  String(event.type.version),
  event.userId,
  event.occurredAt.toISOString(),
  new Date().toISOString(),
  event.payload,
]

/** COPY's text form. Canonical JSON holds neither tab nor line feed, but may hold a backslash. */
const lineOf = (event: CheckedEvent): string =>
  `${columnsOf(event).join('\t').replaceAll('\\', '\\\\')}\n`

/**
 * What the intake is measured against, behind the same door: one INSERT an event, and one COPY a
 * request, into the same table. Neither knows an event that was sent before.
 */
export function addBaselines(
  app: HttpServer,
  { databaseUrl, poolMax, catalogue }: Baselines,
): void {
  const pool = new Pool({ connectionString: databaseUrl, max: poolMax })
  app.addHook('onClose', () => pool.end())
  const placeholders = COLUMNS.split(', ').map((_, index) => `$${index + 1}`)
  const insert = `insert into analytics_event (${COLUMNS}) values (${placeholders.join(', ')})`

  async function insertEach(events: readonly CheckedEvent[]): Promise<void> {
    for (const event of events) await pool.query(insert, columnsOf(event))
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
