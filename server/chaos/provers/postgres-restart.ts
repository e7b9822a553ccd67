import { setTimeout as delay } from 'node:timers/promises'
import { call, startFleet } from '../../test/fleet/index.ts'
import type { Prover } from '../prover.ts'
import { startHttpLoad, tally } from './http-load.ts'
import { usualCalls } from './usual-calls.ts'

const ANSWER_WITHIN_MS = 2_000
const RECOVERED_WITHIN_MS = 5_000
const DOWN_MS = 1_500
const CALM_MS = 1_000
const WARM_UP_MS = 3_000
const GOOD_IN_A_ROW = 5

/** From now until the service answers well, several times in a row. */
async function recoveryMs(base: string, token: string | undefined): Promise<number> {
  const startedAt = performance.now()
  let good = 0
  let firstGoodMs = 0
  while (good < GOOD_IN_A_ROW && performance.now() - startedAt < 4 * RECOVERED_WITHIN_MS) {
    const answer = await call(base, '/users/me', token === undefined ? {} : { token }).catch(
      () => undefined,
    )
    if (answer?.status === 200 && good === 0) firstGoodMs = performance.now() - startedAt
    good = answer?.status === 200 ? good + 1 : 0
    await delay(10)
  }
  return good < GOOD_IN_A_ROW ? Number.POSITIVE_INFINITY : firstGoodMs
}

export const postgresRestart: Prover = {
  name: 'postgres-restart',
  description: 'PostgreSQL crashes: every answer within 2 s, all well within 5 s of its return',
  times: 5,
  async run({ times, say }) {
    const fleet = await startFleet({ apis: 1, workers: 0 })
    const { postgres, nginx } = fleet
    try {
      const calls = await usualCalls(fleet)
      const load = startHttpLoad({ base: nginx.url, calls, callers: 8, pauseMs: 10 })
      // What a process does for the first time it does slowly.
      await delay(WARM_UP_MS)
      load.take()
      let worstRecoveryMs = 0
      for (let restart = 1; restart <= times; restart += 1) {
        await delay(CALM_MS)
        await postgres.shutDown('SIGQUIT')
        await delay(DOWN_MS)
        await postgres.start()
        worstRecoveryMs = Math.max(worstRecoveryMs, await recoveryMs(nginx.url, calls[0]?.token))
        say(`${restart} crashes, recovered within ${Math.round(worstRecoveryMs)} ms`)
      }
      const seen = await load.stop()
      const slowestMs = Math.round(seen.latencyMs(1))
      const only = [...seen.statuses.keys()].every((status) => status === 200 || status === 503)
      const unbroken = seen.broken.size === 0 && only
      return {
        name: 'postgres-restart',
        holds: unbroken && slowestMs < ANSWER_WITHIN_MS && worstRecoveryMs < RECOVERED_WITHIN_MS,
        line: `${times} × PostgreSQL crashed under load: slowest answer ${slowestMs} ms, recovered within ${Math.round(worstRecoveryMs)} ms (${tally(seen)})`,
        figures: { crashes: times, slowestMs, worstRecoveryMs: Math.round(worstRecoveryMs) },
      }
    } finally {
      await fleet.close()
    }
  },
}
