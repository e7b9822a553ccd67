import { v7 as uuidv7 } from 'uuid'
import type { TestApp, TestUser } from './app.ts'

export interface SampleEvent {
  id: string
  type: string
  version: number
  occurredAt: string
  payload: Record<string, unknown>
}

/** An event that needs consent, in order unless told otherwise. */
export function playedEvent(changes: Partial<SampleEvent> = {}): SampleEvent {
  return {
    id: uuidv7(),
    type: 'track.played',
    version: 1,
    occurredAt: new Date().toISOString(),
    payload: { trackId: uuidv7(), source: 'search', positionMs: 1_000 },
    ...changes,
  }
}

export interface EventOutcome {
  id: string | null
  status: string
  problem?: { code: string; detail: string }
}

type Sender = Pick<TestUser, 'headers'>

export const sendEvents = ({ app }: Pick<TestApp, 'app'>, { headers }: Sender, body: unknown) =>
  app.inject({
    method: 'POST',
    url: '/analytics/events',
    headers: { ...headers, 'content-type': 'application/json' },
    payload: JSON.stringify(body),
  })

/** What became of a batch. @throws when it was not answered as one. */
export async function outcomesOf(
  test: Pick<TestApp, 'app'>,
  user: Sender,
  events: readonly unknown[],
): Promise<EventOutcome[]> {
  const answer = await sendEvents(test, user, { events })
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode}: ${answer.body}`)
  return answer.json<{ results: EventOutcome[] }>().results
}

/** Somebody new, who lets events be kept. */
export async function consentingUser(test: TestApp): Promise<TestUser> {
  const user = await test.register()
  const answer = await test.app.inject({
    method: 'PUT',
    url: '/users/me/consents',
    headers: user.headers,
    body: { analytics: true },
  })
  if (answer.statusCode !== 200) throw new Error(`no consent: ${answer.body}`)
  return user
}
