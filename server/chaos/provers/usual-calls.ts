import { v7 } from 'uuid'
import { demand, type Fleet, linkListener, register } from '../../test/fleet/index.ts'
import type { LoadedCall } from './http-load.ts'

const oneEvent = () => ({
  id: v7(),
  type: 'app.opened',
  version: 1,
  occurredAt: new Date().toISOString(),
  payload: { client: 'cli', release: '1.0.0' },
})

/** What a user with a linked account does all day: reads, most from a cache, and events. */
export async function usualCalls({ nginx, sandbox }: Fleet): Promise<LoadedCall[]> {
  const { accessToken: token } = await register(nginx.url)
  const { listeners } = await demand<{ listeners: { id: string }[] }>(
    sandbox.url,
    '/control/listeners',
  )
  await linkListener(nginx.url, token, listeners[0]?.id ?? '')
  return [
    { path: '/users/me', token },
    { path: '/music/me/top/tracks?limit=10', token },
    { path: '/analytics/events', method: 'POST', token, body: oneEvent },
    { path: '/music/links', token },
  ]
}
