import { gradientLimit } from './gradient-limit.ts'

export interface Simulation {
  /** Requests that the server works at in parallel; others queue inside it. */
  slots: number
  /** Mean of exponentially distributed times. */
  serviceMs: (nowMs: number) => number
  /** Arrivals as a multiple of what `slots` at their first `serviceMs` can do. */
  load: (nowMs: number) => number
  forMs: number
  minLimit: number
  maxLimit: number
  seed: number
}

export interface Moment {
  nowMs: number
  limit: number
  answered: number
  shed: number
}

/** Numerical Recipes' linear congruential generator: the same numbers for the same seed. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return (state + 1) / 4_294_967_297
  }
}

/** A server with a queue behind a limit; tells how it stood after each second. */
export function simulate(options: Simulation): Moment[] {
  const { slots, serviceMs, load, forMs, minLimit, maxLimit, seed } = options
  const limit = gradientLimit({ minLimit, maxLimit })
  const random = numbers(seed)
  const exponential = (mean: number) => -Math.log(random()) * mean
  const capacityPerMs = slots / serviceMs(0)
  const working: { endMs: number; takenMs: number; inFlight: number }[] = []
  const queued: { takenMs: number; inFlight: number }[] = []
  const moments: Moment[] = []
  let answered = 0
  let shed = 0
  let nowMs = 0
  let nextArrivalMs = 0

  const work = (request: { takenMs: number; inFlight: number }) =>
    working.push({ ...request, endMs: nowMs + exponential(serviceMs(nowMs)) })

  function refuse(): void {
    shed += 1
    limit.refused()
  }

  function arrive(): void {
    nextArrivalMs = nowMs + exponential(1 / (load(nowMs) * capacityPerMs))
    const inFlight = working.length + queued.length + 1
    if (inFlight > limit.current()) refuse()
    else if (working.length < slots) work({ takenMs: nowMs, inFlight })
    else queued.push({ takenMs: nowMs, inFlight })
  }

  function finish(index: number): void {
    for (const { takenMs, inFlight } of working.splice(index, 1)) {
      answered += 1
      limit.observe({ route: 'r', latencyMs: nowMs - takenMs, inFlight, nowMs })
    }
    const next = queued.shift()
    if (next !== undefined) work(next)
  }

  while (nowMs < forMs) {
    const ends = working.map(({ endMs }) => endMs)
    const firstEndMs = Math.min(...ends, Number.POSITIVE_INFINITY)
    const before = nowMs
    nowMs = Math.min(firstEndMs, nextArrivalMs)
    if (firstEndMs <= nextArrivalMs) finish(ends.indexOf(firstEndMs))
    else arrive()
    if (Math.floor(before / 1000) === Math.floor(nowMs / 1000)) continue
    moments.push({ nowMs, limit: limit.current(), answered, shed })
    answered = 0
    shed = 0
  }
  return moments
}
