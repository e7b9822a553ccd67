import { callerOf, type Routes } from '#platform/http'
import { EventOutcomes, EventTypes, SentEvents } from './analytics.schemas.ts'
import type { EventCatalogue } from './catalogue/event-catalogue.ts'
import { frameCompiler, type SentBody } from './intake/event-frame.ts'
import type { EventIntake, EventResult } from './intake/event-intake.ts'

const tags = ['analytics']

interface Dependencies {
  intake: EventIntake
  eventCatalogue: EventCatalogue
}

export const analyticsRoutes: Routes<Dependencies> = async (app, { intake, eventCatalogue }) => {
  app.post(
    '/events',
    {
      schema: {
        operationId: 'sendEvents',
        summary: 'Keep what happened: one event, or up to 500',
        description:
          'Answers once every event is stored durably. Each event of a batch has a result of its ' +
          'own; an event that is sent alone and not stored is answered with a problem. An event ' +
          'may be sent again with the same id for as long as no answer came.',
        tags,
        body: SentEvents,
        response: { 200: EventOutcomes },
      },
      validatorCompiler: frameCompiler,
      // Every text of a payload has a pattern, which no unsafe text fits.
      config: {
        access: { scope: 'analytics:write' },
        judgesBodyText: true,
        priority: 'intake',
      },
    },
    async (request): Promise<EventOutcomes> => {
      // What the compiler above makes of the body.
      const { events, isBatch } = request.body as unknown as SentBody
      const results = await intake.take(callerOf(request).userId, events)
      const [only] = results
      if (!isBatch && only !== undefined && 'error' in only) throw only.error
      return { results: results.map(outcomeOf) }
    },
  )

  app.get(
    '/event-types',
    {
      schema: {
        operationId: 'eventTypes',
        summary: 'The types of events that can be sent, with the schemas of their payloads',
        tags,
        response: { 200: EventTypes },
      },
      config: { access: 'public' },
    },
    async () => ({
      eventTypes: eventCatalogue.types.map(({ payload, ...type }) => ({
        ...type,
        schema: payload,
      })),
    }),
  )
}

const outcomeOf = (result: EventResult): EventOutcomes['results'][number] =>
  'error' in result
    ? {
        id: result.id,
        status: result.status,
        problem: {
          code: result.error.code,
          detail: result.error.detail ?? result.error.title,
        },
      }
    : result
