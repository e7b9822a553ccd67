import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

export interface LoadPlan {
  readonly url: string
  /** Of the user whose usual calls are made. */
  readonly token: string
  readonly seconds: number
  /** Connections at most. */
  readonly callers: number
  /** Arrivals, at random moments; without it each caller asks as soon as it is answered. */
  readonly perSecond?: number
}

export interface LoadAnswers {
  readonly goodMs: number[]
  readonly shedMs: number[]
  /** How long after its moment each request was sent. */
  readonly lateMs: number[]
  /** Neither answered nor shed. */
  other: number
}

/** Plays a load from a thread of its own. */
export async function playLoad(plan: LoadPlan): Promise<LoadAnswers> {
  const worker = new Worker(new URL('load-worker.ts', import.meta.url), { workerData: plan })
  const [answers] = (await once(worker, 'message')) as [LoadAnswers]
  return answers
}
