import { type Static, Type } from 'typebox'

export const MAX_EVENTS = 500

const EventId = Type.String({
  format: 'uuid',
  description: 'Made by the client, version 4 or 7; sent again, it stands for the same event.',
  examples: ['01980000-0000-7000-8000-000000000000'],
})

/** What one event looks like. Each is judged by itself, so this is no gate: it describes. */
const SentEvent = Type.Object(
  {
    id: EventId,
    type: Type.String({ maxLength: 64, examples: ['app.opened'] }),
    version: Type.Integer({ minimum: 1, maximum: 32_767, examples: [1] }),
    occurredAt: Type.String({
      format: 'date-time',
      description: 'By the clock of the client: at most 5 minutes ahead and 30 days ago.',
    }),
    payload: Type.Object(
      {},
      {
        additionalProperties: true,
        description: 'As the type and version ask for: see GET /analytics/event-types.',
        examples: [{ client: 'web', release: '1.4.0' }],
      },
    ),
  },
  { title: 'AnalyticsEvent', additionalProperties: false },
)

const SentBatch = Type.Object(
  { events: Type.Array(SentEvent, { minItems: 1, maxItems: MAX_EVENTS }) },
  { title: 'AnalyticsEventBatch', additionalProperties: false },
)

export const SentEvents = Type.Union([SentBatch, SentEvent])

const EventOutcome = Type.Object(
  {
    id: Type.Union([EventId, Type.Null()], {
      description: 'Null when what was sent has no valid id.',
    }),
    status: Type.Enum(['accepted', 'duplicate', 'dropped', 'rejected', 'conflict'], {
      description: [
        'accepted: stored, durably.',
        'duplicate: the same event had been stored before.',
        'dropped: not kept, since you have not consented to analytics.',
        'rejected: not valid; the problem says why, and sending it again will not help.',
        'conflict: another event had been stored under the id before.',
      ].join(' '),
    }),
    problem: Type.Optional(
      Type.Object(
        {
          code: Type.String({ examples: ['analytics.invalid_payload'] }),
          detail: Type.String(),
        },
        { title: 'EventProblem' },
      ),
    ),
  },
  { title: 'EventOutcome' },
)

export const EventOutcomes = Type.Object(
  { results: Type.Array(EventOutcome, { description: 'One for each event, in their order.' }) },
  { title: 'EventOutcomes' },
)
export type EventOutcomes = Static<typeof EventOutcomes>

export const EventTypes = Type.Object(
  {
    eventTypes: Type.Array(
      Type.Object(
        {
          type: Type.String(),
          version: Type.Integer(),
          purpose: Type.Enum(['essential', 'analytics'], {
            description: 'analytics: dropped unless the user has consented.',
          }),
          description: Type.String(),
          maxPayloadBytes: Type.Integer(),
          schema: Type.Object(
            {},
            { additionalProperties: true, description: 'JSON Schema of the payload.' },
          ),
        },
        { title: 'EventType' },
      ),
    ),
  },
  { title: 'EventTypes' },
)
