import { Type } from 'typebox'
import { defineJob } from '#platform/jobs'
import type { Witness } from '../database.ts'

/** Writes a row that nothing but the queue keeps from being written twice. */
export const countingJob = defineJob('proof.count', {
  schema: Type.Object({ number: Type.Integer() }),
  retryLimit: 8,
  retryDelaySeconds: 1,
  concurrency: 4,
})

/** Without any constraint: what is written twice shall be seen. */
export const COUNTING_TABLE = 'create table if not exists proof_effect (number integer not null)'

export interface Effects {
  readonly once: number
  readonly moreThanOnce: number
}

export async function effectsOf(witness: Witness): Promise<Effects> {
  const [found] = await witness.rows<{ once: number; more: number }>(
    `select count(*) filter (where times = 1)::int as once,
            count(*) filter (where times > 1)::int as more
     from (select count(*) as times from proof_effect group by number) as effect`,
  )
  return { once: found?.once ?? 0, moreThanOnce: found?.more ?? 0 }
}
