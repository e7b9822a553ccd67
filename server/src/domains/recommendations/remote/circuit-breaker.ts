/** Thrown instead of asking what is known to be down. */
export class CircuitOpenError extends Error {
  constructor() {
    super('the circuit is open: it has failed again and again')
    this.name = 'CircuitOpenError'
  }
}

/** In a row; a busy API sees as many within milliseconds when its other side is gone. */
const FAILURES_TO_OPEN = 5
/** How long nobody asks, after one opening and the next; the last repeats. */
const OPEN_MS = [500, 1_000, 2_000, 5_000]

/**
 * Stops asking what fails (Nygard, Release It!, "Circuit Breaker"): after five failures in a row
 * calls fail at once for a while, then one is let through, on which it depends what comes next.
 */
export function circuitBreaker({ nowMs }: { nowMs: () => number }) {
  let failures = 0
  let openings = 0
  let openUntilMs = Number.NEGATIVE_INFINITY
  let isTrying = false

  function succeed(): void {
    failures = 0
    openings = 0
  }

  function fail(): void {
    failures += 1
    if (failures < FAILURES_TO_OPEN) return
    openUntilMs = nowMs() + (OPEN_MS[openings] ?? OPEN_MS.at(-1) ?? 0)
    openings += 1
  }

  return {
    /**
     * @param isFailure whether an error says that the other side is down; others are its answers
     * @throws CircuitOpenError, or whatever `work` throws
     */
    async run<T>(work: () => Promise<T>, isFailure: (error: unknown) => boolean): Promise<T> {
      const isHalfOpen = failures >= FAILURES_TO_OPEN
      if (isHalfOpen && (isTrying || nowMs() < openUntilMs)) throw new CircuitOpenError()
      isTrying = isHalfOpen
      try {
        const result = await work()
        succeed()
        return result
      } catch (error) {
        if (isFailure(error)) fail()
        else succeed()
        throw error
      } finally {
        if (isHalfOpen) isTrying = false
      }
    },
  }
}
