import { v7 } from 'uuid'
import type { LoadedCall } from './http-load.ts'

const oneEvent = () => ({
  id: v7(),
  type: 'app.opened',
  version: 1,
  occurredAt: new Date().toISOString(),
  payload: { client: 'cli', release: '1.0.0' },
})

/** What a user with a linked account does all day: reads, most from a cache, and events. */
export const listenerCalls = (token: string): LoadedCall[] => [
  { path: '/users/me', token },
  { path: '/music/me/top/tracks?limit=10', token },
  { path: '/analytics/events', method: 'POST', token, body: oneEvent },
  { path: '/music/links', token },
]
