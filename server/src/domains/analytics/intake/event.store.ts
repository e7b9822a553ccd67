import type { Statements } from '#platform/db'
import type { CheckedEvent } from './event-check.ts'

/**
 * Takes the keys that are free and stores the events that they are of; gives the ids whose keys were
 * not. The keys come sorted, so that two groups never wait for each other crosswise. Payloads come
 * as lines: JSON text holds no raw line feed. Whoever turned `synchronous_commit` off for the
 * database gets it back here, since an answer promises that nothing is lost.
 */
const INSERT = `
with durable as materialized (
  select case current_setting('synchronous_commit')
    when 'off' then set_config('synchronous_commit', 'on', true) end
), given as materialized (
  select sent.* from durable, unnest(
    $1::uuid[], $2::text[], $3::text[], $4::smallint[], $5::uuid[], $6::timestamptz[],
    string_to_array($7, E'\\n')
  ) as sent (id, digest, type, version, user_id, occurred_at, payload)
), fresh as (
  insert into analytics_event_key (id, digest, occurred_on)
  select id, decode(digest, 'hex'), (occurred_at at time zone 'UTC')::date from given
  on conflict (id) do nothing
  returning id
), stored as (
  insert into analytics_event (id, type, version, user_id, occurred_at, received_at, payload)
  select id, type, version, user_id, occurred_at, $8::timestamptz, payload::jsonb
  from given join fresh using (id)
)
select id from given where id not in (select id from fresh)`

const DIGESTS = `
select id, encode(digest, 'hex') as digest from analytics_event_key where id = any($1::uuid[])`

export type EventStore = ReturnType<typeof eventStore>

/** SQL of the intake, over the one statement that everything waits for. */
export function eventStore(run: Statements['run']) {
  return {
    /**
     * Stores events in one transaction, durably, and gives the ids that had been taken before.
     * @param events no two with the same id, in the order of their ids
     */
    async insert(events: readonly CheckedEvent[], receivedAt: Date): Promise<string[]> {
      const taken = await run<{ id: string }>({
        name: 'analytics-event-insert',
        text: INSERT,
        values: [
          arrayText(events, ({ id }) => id),
          arrayText(events, ({ digest }) => digest),
          arrayText(events, ({ type }) => type.type),
          arrayText(events, ({ type }) => String(type.version)),
          arrayText(events, ({ userId }) => userId),
          arrayText(events, ({ occurredAt }) => occurredAt.toISOString()),
          events.map(({ payload }) => payload).join('\n'),
          receivedAt,
        ],
      })
      return taken.map(({ id }) => id)
    },

    /** Of the events that have these ids, by id: the digest of what was sent. */
    async digests(ids: readonly string[]): Promise<Map<string, string>> {
      const rows = await run<{ id: string; digest: string }>({
        name: 'analytics-event-digests',
        text: DIGESTS,
        values: [ids],
      })
      return new Map(rows.map(({ id, digest }) => [id, digest]))
    },
  }
}

/** PostgreSQL's text form of an array, for values that need no quotes there: none has a comma. */
const arrayText = (
  events: readonly CheckedEvent[],
  textOf: (event: CheckedEvent) => string,
): string => `{${events.map(textOf).join(',')}}`
