import { setTimeout as delay } from 'node:timers/promises'
import { startFleet } from '../../test/fleet/index.ts'
import type { Prover } from '../prover.ts'
import { seededRandom } from '../random.ts'
import { startHttpLoad, tally } from './http-load.ts'
import { usualCalls } from './usual-calls.ts'

/** Nginx takes a process that was away for a second for away still: `fail_timeout`. */
const BALANCER_KNOWS_MS = 1_200
/** Of the balancer's log. */
const TOLD_LENGTH = 2_000

export const rolling: Prover = {
  name: 'rolling',
  description: 'rolling restarts behind nginx under load: no request fails',
  times: 100,
  async run({ times, seed, say }) {
    const random = seededRandom(seed)
    const fleet = await startFleet({ apis: 2, workers: 0, redis: true })
    try {
      const calls = await usualCalls(fleet)
      const load = startHttpLoad({ base: fleet.nginx.url, calls, callers: 8, pauseMs: 10 })
      for (let restart = 1; restart <= times; restart += 1) {
        const one = random.pick(fleet.apis)
        await one.shutDown()
        await one.start()
        await delay(BALANCER_KNOWS_MS)
        if (restart % 10 === 0) say(`${restart} restarts`)
      }
      const seen = await load.stop()
      const good = seen.statuses.get(200) ?? 0
      const silent = [...seen.broken.values()].reduce((sum, count) => sum + count, 0)
      const failed = seen.answered - good + silent
      seen.complaints.forEach(say)
      if (failed > 0) say(fleet.nginx.log().slice(-TOLD_LENGTH))
      return {
        name: 'rolling',
        holds: failed === 0 && good > times,
        line: `${times} rolling restarts under load: ${failed} failed requests (${tally(seen)})`,
        figures: {
          restarts: times,
          requests: good,
          failed,
          p99Ms: Math.round(seen.latencyMs(0.99)),
        },
      }
    } finally {
      await fleet.close()
    }
  },
}
