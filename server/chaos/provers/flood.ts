import autocannon from 'autocannon'
import type { LoadedCall } from './http-load.ts'
import { listenerCalls } from './listener-calls.ts'
import type { LoadPlan } from './load.ts'

/** The same call, made anew each time it is sent. */
const requestOf = ({ path, method = 'GET', token, body }: LoadedCall): autocannon.Request => ({
  path,
  method: method === 'POST' ? 'POST' : 'GET',
  headers: {
    authorization: `Bearer ${token}`,
    ...(body !== undefined && { 'content-type': 'application/json' }),
  },
  ...(body !== undefined && {
    setupRequest: (request: autocannon.Request) => ({ ...request, body: JSON.stringify(body()) }),
  }),
})

/** Callers who ask again as soon as they are refused: the most that one generator can send. */
export async function flood({ url, token, callers, seconds }: Omit<LoadPlan, 'perSecond'>) {
  const run = await autocannon({
    url,
    connections: callers,
    duration: seconds,
    requests: listenerCalls(token).map(requestOf),
  })
  return { goodPerSecond: run['2xx'] / seconds, shedPerSecond: run['5xx'] / seconds }
}
