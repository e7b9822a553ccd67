import { monitorEventLoopDelay } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { Priority, Refusal } from './admission.ts'

export interface ProcessState {
  /** How late the event loop comes to what is due: the mean since the last look. */
  loopDelayMs: number
  /** Of the heap that V8 allows, 0-1. */
  heapUsed: number
}

/** A request that arrives now waits at least so long; what is expensive would make it worse. */
const MAX_LOOP_DELAY_MS = { bulk: 100, normal: 400, intake: 400, critical: 2_000 } as const
/** Beyond this V8 does little but collect garbage, and an out-of-memory crash is near. */
const MAX_HEAP_USED = 0.92

/** What the state of the process itself says about taking one more request. */
export function pressureRefusal(
  { loopDelayMs, heapUsed }: ProcessState,
  priority: Exclude<Priority, 'always'>,
): Refusal | undefined {
  if (loopDelayMs > MAX_LOOP_DELAY_MS[priority]) return 'event_loop'
  if (heapUsed > MAX_HEAP_USED && priority !== 'critical') return 'memory'
  return undefined
}

const LOOK_EVERY_MS = 250
const RESOLUTION_MS = 10

/** Watches this process until stopped. */
export function watchProcess(): { state(): ProcessState; stop(): void } {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  let state: ProcessState = { loopDelayMs: 0, heapUsed: 0 }
  delays.enable()
  const timer = setInterval(() => {
    // The histogram holds the whole time from one tick to the next, of which the wait is the rest.
    const meanMs = delays.mean / 1e6 - RESOLUTION_MS
    const { used_heap_size: usedBytes, heap_size_limit: limitBytes } = getHeapStatistics()
    // Without one tick since the last look the mean is NaN.
    state = { loopDelayMs: Math.max(0, meanMs || 0), heapUsed: usedBytes / limitBytes }
    delays.reset()
  }, LOOK_EVERY_MS)
  timer.unref()
  return {
    state: () => state,
    stop() {
      clearInterval(timer)
      delays.disable()
    },
  }
}
