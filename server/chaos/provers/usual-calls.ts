import { demand, type Fleet, linkListener, register } from '../../test/fleet/index.ts'
import type { LoadedCall } from './http-load.ts'
import { listenerCalls } from './listener-calls.ts'

/** An access token of a new user with a linked account. */
export async function linkedListener({ nginx, sandbox }: Fleet): Promise<string> {
  const { accessToken } = await register(nginx.url)
  const { listeners } = await demand<{ listeners: { id: string }[] }>(
    sandbox.url,
    '/control/listeners',
  )
  await linkListener(nginx.url, accessToken, listeners[0]?.id ?? '')
  return accessToken
}

/** The usual calls of such a user. */
export const usualCalls = async (fleet: Fleet): Promise<LoadedCall[]> =>
  listenerCalls(await linkedListener(fleet))
