import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { jobSender } from '#platform/jobs'
import { createLogger, createMetrics } from '#platform/telemetry'
import { startFleet } from '../../test/fleet/index.ts'
import { COUNTING_TABLE, countingJob, effectsOf } from '../counting/counting-job.ts'
import { openWitness } from '../database.ts'
import type { Prover } from '../prover.ts'
import { seededRandom } from '../random.ts'
import { killAgainAndAgain } from './kill-again-and-again.ts'

const PROGRAM = resolve(import.meta.dirname, '../counting/counting-worker.ts')
const JOBS_A_KILL = 20
/** A job of a killed worker is another's after ten silent seconds, and may wait for its retry. */
const DONE_WITHIN_MS = 180_000

export const workerKill: Prover = {
  name: 'worker-kill',
  description: 'kill -9 of workers in mid-job: each job has its effect exactly once',
  times: 200,
  async run({ times, seed, say }) {
    const random = seededRandom(seed)
    const fleet = await startFleet({
      apis: 0,
      workers: 0,
      also: [
        { name: 'counter-1', program: PROGRAM },
        { name: 'counter-2', program: PROGRAM },
      ],
      prepare: async (databaseUrl) => {
        const before = openWitness(databaseUrl)
        await before.rows(COUNTING_TABLE)
        await before.close()
      },
    })
    const witness = openWitness(fleet.databaseUrl)
    const logger = createLogger({ logLevel: 'silent' }, { service: 'prover' })
    const jobs = jobSender({
      databaseUrl: fleet.databaseUrl,
      logger,
      metrics: createMetrics(),
      jobs: [countingJob],
    })
    try {
      let number = 0
      await killAgainAndAgain({
        victims: fleet.processes,
        times,
        random,
        async before() {
          for (let job = 0; job < JOBS_A_KILL; job += 1) {
            const mine = number
            number += 1
            await jobs.enqueue(countingJob, { number: mine })
          }
        },
        told: (kills) => say(`${kills} kills, ${number} jobs`),
      })
      const deadline = performance.now() + DONE_WITHIN_MS
      let effects = await effectsOf(witness)
      while (effects.once + effects.moreThanOnce < number && performance.now() < deadline) {
        await delay(200)
        effects = await effectsOf(witness)
      }
      const missing = number - effects.once - effects.moreThanOnce
      return {
        name: 'worker-kill',
        holds: missing === 0 && effects.moreThanOnce === 0,
        line: `${times} × kill -9 of a worker: ${number} jobs, ${effects.once} with one effect, ${effects.moreThanOnce} with more, ${missing} with none`,
        figures: { kills: times, jobs: number, ...effects, missing },
      }
    } finally {
      await jobs.stop()
      await witness.close()
      await fleet.close()
    }
  },
}
