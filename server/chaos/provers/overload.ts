import { sparePort } from '#servers'
import { startFleet } from '../../test/fleet/index.ts'
import { type Prover, quantile } from '../prover.ts'
import { flood } from './flood.ts'
import { type LoadAnswers, playLoad } from './load.ts'
import { refusalsOf } from './refusals.ts'
import { linkedListener } from './usual-calls.ts'

const SECONDS = 4
const CALM_CALLERS = 8
const CROWD = 400
const OVERLOAD = 3
const LEAST_GOODPUT = 0.8
const SHED_WITHIN_MS = 50

/** All answers of several loads. */
const joined = (loads: readonly LoadAnswers[]): LoadAnswers => ({
  goodMs: loads.flatMap(({ goodMs }) => goodMs),
  shedMs: loads.flatMap(({ shedMs }) => shedMs),
  lateMs: loads.flatMap(({ lateMs }) => lateMs),
  other: loads.reduce((sum, { other }) => sum + other, 0),
})

const percent = (share: number) => Math.round(share * 100)
const p99 = (samples: readonly number[]) => quantile(samples, 0.99)

export const overload: Prover = {
  name: 'overload',
  description: 'three times what one API can do: 80 % of it still done, the rest refused at once',
  times: 4,
  async run({ times, say }) {
    const metricsPort = await sparePort()
    const env = { METRICS_PORT: String(metricsPort) }
    const fleet = await startFleet({ apis: 1, workers: 0, env })
    try {
      const url = fleet.apis[0]?.url ?? ''
      const listener = { url, token: await linkedListener(fleet), seconds: SECONDS }
      // The first seconds of a process are not what it can do.
      await playLoad({ ...listener, callers: CALM_CALLERS })
      const calms: LoadAnswers[] = []
      const crowds: LoadAnswers[] = []
      // By turns, since a machine is not equally fast from one minute to the next.
      for (let round = 1; round <= times; round += 1) {
        const calm = await playLoad({ ...listener, callers: CALM_CALLERS })
        const capacity = calm.goodMs.length / SECONDS
        const perSecond = OVERLOAD * capacity
        const crowd = await playLoad({ ...listener, callers: CROWD, perSecond })
        calms.push(calm)
        crowds.push(crowd)
        say(
          `${round}: capacity ${capacity.toFixed(0)}/s, with ${OVERLOAD} times as many ` +
            `${(crowd.goodMs.length / SECONDS).toFixed(0)}/s, shed within ${p99(crowd.shedMs).toFixed(1)} ms`,
        )
      }
      const inside = await refusalsOf(metricsPort, SHED_WITHIN_MS / 1000)
      const flooded = await flood({ ...listener, callers: CROWD })
      const calm = joined(calms)
      const crowd = joined(crowds)
      const capacity = Math.round(calm.goodMs.length / (SECONDS * times))
      const goodput = crowd.goodMs.length / Math.max(1, calm.goodMs.length)
      const shedMs = p99(crowd.shedMs)
      return {
        name: 'overload',
        holds: goodput >= LEAST_GOODPUT && shedMs < SHED_WITHIN_MS && crowd.other === 0,
        line:
          `${OVERLOAD} × ${capacity} requests/s: goodput ${percent(goodput)} % of capacity, ` +
          `${crowd.shedMs.length} shed within ${shedMs.toFixed(1)} ms (99th percentile; ` +
          `within a turn of ${SHED_WITHIN_MS} ms inside the API: ${(inside.shareWithin * 100).toFixed(1)} %; ` +
          `callers late by ${p99(crowd.lateMs).toFixed(1)} ms), ${crowd.other} neither; ` +
          `${CROWD} callers without pause: ${percent(flooded.goodPerSecond / capacity)} %, ` +
          `${flooded.shedPerSecond.toFixed(0)} shed/s`,
        figures: {
          capacity,
          goodputPercent: percent(goodput),
          goodMs: p99(crowd.goodMs),
          shed: crowd.shedMs.length,
          shedMs,
          shedMedianMs: quantile(crowd.shedMs, 0.5),
          shedInsidePercent: inside.shareWithin * 100,
          callersLateMs: p99(crowd.lateMs),
          other: crowd.other,
          floodGoodputPercent: percent(flooded.goodPerSecond / capacity),
          floodShedPerSecond: flooded.shedPerSecond,
        },
      }
    } finally {
      await fleet.close()
    }
  },
}
