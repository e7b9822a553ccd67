import { setTimeout as delay } from 'node:timers/promises'
import { call, type Fleet } from '../../test/fleet/index.ts'
import { effectsOf } from '../counting/counting-job.ts'
import type { Witness } from '../database.ts'
import type { EventLedger } from '../workload/event-ledger.ts'
import type { Violations } from '../workload/violations.ts'

export interface Evidence {
  readonly witness: Witness
  readonly ledger: EventLedger
  readonly violations: Violations
}

const some = (ids: readonly string[]): string => `${ids.length}, such as ${ids[0]}`

async function eventsBroken({ ledger, witness }: Evidence, all: boolean): Promise<string[]> {
  const { lost, doubled, misplaced } = await ledger.judge(witness, { all })
  return [
    ...(lost.length > 0 ? [`acknowledged events are lost: ${some(lost)}`] : []),
    ...(doubled.length > 0 ? [`events are stored twice: ${some(doubled)}`] : []),
    ...(misplaced.length > 0 ? [`events are another user's: ${some(misplaced)}`] : []),
  ]
}

/** A session's successors form a line: one end, which is good, behind tokens that were used up. */
async function familiesBroken({ witness }: Evidence): Promise<string[]> {
  const split = await witness.count(
    `select count(*) from (
       select session_id from refresh_token where rotated_at is null
       group by session_id having count(*) > 1) as split`,
  )
  return split > 0 ? [`${split} refresh token families have two live heads`] : []
}

async function effectsBroken({ witness }: Evidence): Promise<string[]> {
  const { moreThanOnce } = await effectsOf(witness)
  return moreThanOnce > 0 ? [`${moreThanOnce} jobs had their effect more than once`] : []
}

/** What must hold at any moment. `all` looks at everything since the start once more. */
export async function brokenInvariants(
  evidence: Evidence,
  { all = false } = {},
): Promise<string[]> {
  return [
    ...evidence.violations.take(),
    ...(await eventsBroken(evidence, all)),
    ...(await familiesBroken(evidence)),
    ...(await effectsBroken(evidence)),
  ]
}

const LOOK_EVERY_MS = 40

/**
 * Waits until every process is ready again, and a request goes through all of it.
 * @returns how long that took, or who was not ready in time.
 */
export async function recovery(
  { nginx, apis }: Pick<Fleet, 'nginx' | 'apis'>,
  withinMs: number,
): Promise<{ tookMs: number; unready: string[] }> {
  const startedAt = performance.now()
  const targets = [nginx.url, ...apis.map(({ url }) => url)]
  for (;;) {
    const answers = await Promise.allSettled(
      targets.map((url) => call(url, '/health/ready', { timeoutMs: 2_000 })),
    )
    const unready = targets.filter((_, index) => {
      const answer = answers[index]
      return answer?.status !== 'fulfilled' || answer.value.status !== 200
    })
    const tookMs = performance.now() - startedAt
    if (unready.length === 0 || tookMs > withinMs) return { tookMs, unready }
    await delay(LOOK_EVERY_MS)
  }
}
