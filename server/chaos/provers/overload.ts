import autocannon from 'autocannon'
import { startFleet } from '../../test/fleet/index.ts'
import { type Prover, quantile } from '../prover.ts'
import type { LoadedCall } from './http-load.ts'
import { usualCalls } from './usual-calls.ts'

const SECONDS = 6
const CALM_CONNECTIONS = 8
const CROWD = 400
const OVERLOAD = 3
const LEAST_GOODPUT = 0.8
const SHED_WITHIN_MS = 50

interface Burst {
  readonly good: number
  readonly shed: number
  readonly other: number
  readonly shedMs: readonly number[]
}

interface BurstOptions {
  readonly url: string
  readonly calls: readonly LoadedCall[]
  readonly connections: number
  /** Requests a second in all; without it each connection asks as soon as it is answered. */
  readonly rate?: number
}

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

/** Asks for some seconds and counts good and shed answers. */
async function burst({ url, calls, connections, rate }: BurstOptions): Promise<Burst> {
  const shedMs: number[] = []
  let good = 0
  let other = 0
  const settings = {
    url,
    connections,
    duration: SECONDS,
    requests: calls.map(requestOf),
    ...(rate !== undefined && { overallRate: rate }),
  }
  const { errors } = await new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon(settings, (error: unknown, result) => {
      if (error instanceof Error) reject(error)
      else resolve(result)
    })
    run.on('response', (_client, status, _bytes, tookMs) => {
      if (status === 200) good += 1
      else if (status === 503) shedMs.push(tookMs)
      else other += 1
    })
  })
  return { good, shed: shedMs.length, other: other + errors, shedMs }
}

export const overload: Prover = {
  name: 'overload',
  description: 'three times what one API can do: 80 % of it still done, the rest refused at once',
  times: 1,
  async run({ say }) {
    const fleet = await startFleet({ apis: 1, workers: 0 })
    try {
      const target = { url: fleet.apis[0]?.url ?? '', calls: await usualCalls(fleet) }
      // The first second of a process is not what it can do.
      await burst({ ...target, connections: CALM_CONNECTIONS })
      const calm = await burst({ ...target, connections: CALM_CONNECTIONS })
      const capacity = Math.round(calm.good / SECONDS)
      say(`capacity: ${capacity} requests a second`)
      const crowd = await burst({ ...target, connections: CROWD, rate: OVERLOAD * capacity })
      const goodput = crowd.good / Math.max(1, calm.good)
      const shedMs = quantile(crowd.shedMs, 0.99)
      const percent = Math.round(goodput * 100)
      return {
        name: 'overload',
        holds: goodput >= LEAST_GOODPUT && shedMs < SHED_WITHIN_MS && crowd.other === 0,
        line: `${OVERLOAD} × ${capacity} requests/s: goodput ${percent} % of capacity, ${crowd.shed} shed within ${shedMs.toFixed(1)} ms (99th percentile), ${crowd.other} neither`,
        figures: {
          capacity,
          goodputPercent: percent,
          shed: crowd.shed,
          shedMs,
          other: crowd.other,
        },
      }
    } finally {
      await fleet.close()
    }
  },
}
