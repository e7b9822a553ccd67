import { setTimeout as delay } from 'node:timers/promises'
import { startFleet } from '../../test/fleet/index.ts'
import type { Prover } from '../prover.ts'
import { startHttpLoad, tally } from './http-load.ts'
import { usualCalls } from './usual-calls.ts'

const PHASE_MS = 4_000
/** How much longer a request may take with Redis away. */
const MOST_ADDED_MS = 300

export const redisKill: Prover = {
  name: 'redis-kill',
  description: 'Redis killed, frozen and back during a load: no 5xx, no request 300 ms slower',
  times: 3,
  async run({ times, say }) {
    const fleet = await startFleet({ apis: 2, workers: 0, redis: true })
    const { redis } = fleet
    try {
      if (redis === undefined) throw new Error('the fleet has no Redis')
      const calls = await usualCalls(fleet)
      const load = startHttpLoad({ base: fleet.nginx.url, calls, callers: 6, pauseMs: 5 })
      // What a process does for the first time it does slowly.
      await delay(PHASE_MS)
      load.take()
      await delay(PHASE_MS)
      const calm = load.take()
      for (let round = 1; round <= times; round += 1) {
        await redis.kill()
        await delay(PHASE_MS)
        await redis.start()
        await delay(PHASE_MS / 4)
        redis.pause()
        await delay(PHASE_MS)
        redis.resume()
        await delay(PHASE_MS / 4)
        say(`Redis was killed and frozen ${round} times`)
      }
      const rough = await load.stop()
      rough.complaints.forEach(say)
      const failed = calm.failed + rough.failed
      const addedMs = Math.round(rough.latencyMs(1) - calm.latencyMs(1))
      return {
        name: 'redis-kill',
        holds: failed === 0 && addedMs < MOST_ADDED_MS,
        line: `Redis killed and frozen ${times} times under load: ${failed} failed requests, slowest ${Math.round(rough.latencyMs(1))} ms, ${addedMs} ms more than before; median ${rough.latencyMs(0.5).toFixed(1)} ms, before ${calm.latencyMs(0.5).toFixed(1)} ms (${tally(rough)})`,
        figures: { times, requests: calm.answered + rough.answered, failed, addedMs },
      }
    } finally {
      await fleet.close()
    }
  },
}
