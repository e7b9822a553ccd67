import { routeBaselines } from './route-baselines.ts'

/**
 * How many requests may be served at once, found by watching latency.
 *
 * Gradient2 of Netflix's concurrency-limits (github.com/Netflix/concurrency-limits,
 * Gradient2Limit): after each window the limit is multiplied by how much faster requests used to
 * be, and a queue of its square root is allowed on top, so that it grows while latency does not.
 * Two things differ. A request is compared with others of its own route, since ours cost from one
 * to several hundred milliseconds. And now and then a server that refuses requests runs one dip at half its
 * limit (the idea of BBR's ProbeRTT, and of Envoy's minRTT): without it, latency under a lasting
 * overload would come to pass for normal, and the limit would climb.
 */
export interface GradientLimit {
  /** Requests at once, a whole number between the bounds. */
  current(): number
  /** An answered request, and how many were in hand when it was taken. */
  observe(sample: LatencySample): void
  /** A request was refused for the limit's sake. */
  refused(): void
}

export interface LatencySample {
  route: string
  latencyMs: number
  inFlight: number
  nowMs: number
}

export interface LimitBounds {
  minLimit: number
  maxLimit: number
}

/**
 * Of the greatest limit. High, since a limit falls faster than it climbs; but the higher it is the
 * longer requests take in an overload, and with them the windows in which it is found to be too high.
 */
const START = 0.25
/** Long enough to hold the requests that it is about: at least this, and twice what one takes. */
const WINDOW_MS = 250
const MIN_SAMPLES = 10
/** Gradient2's: latency may rise by half before anything is made of it. */
const TOLERANCE = 1.5
/** Gradient2's: one bad window halves the limit at most, before smoothing. */
const MIN_GRADIENT = 0.5
const SMOOTHING = 0.2
/** When requests take three times as long as usual there is no doubt left to smooth. */
const CLEAR_SMOOTHING = 0.6
/**
 * Windows with refusals from one dip to the next: few at first, when what is usual may have been
 * learned from a server that was overloaded from its start; twice as many each time. Where nothing
 * is refused a dip would be the first to do it.
 */
const DIPS = { first: 4, last: 16 }
/** A dip's windows, of which the last counts: the first still holds what was taken before it. */
const DIP_WINDOWS = 2
/** With half as many requests in hand, a queue is half as long; what stays as slow has none. */
const UNCHANGED = 0.8

export function gradientLimit({ minLimit, maxLimit }: LimitBounds): GradientLimit {
  const clamp = (limit: number) => Math.max(minLimit, Math.min(maxLimit, limit))
  const baselines = routeBaselines()
  let limit = clamp(maxLimit * START)
  let window = emptyWindow(Number.NaN)
  let fullWindows = 0
  let windowsToDip: number = DIPS.first
  let dip = { windowsLeft: 0, slowdownBefore: 1 }

  const current = () => Math.floor(clamp(dip.windowsLeft > 0 ? limit / 2 : limit))

  function adapt(slowdown: number): void {
    const gradient = Math.max(MIN_GRADIENT, Math.min(1, TOLERANCE / slowdown))
    const target = limit * gradient + Math.sqrt(limit)
    const smoothing = slowdown > 2 * TOLERANCE ? CLEAR_SMOOTHING : SMOOTHING
    limit = clamp(limit * (1 - smoothing) + target * smoothing)
  }

  function closeInDip(slowdown: number): void {
    dip.windowsLeft -= 1
    if (dip.windowsLeft > 0) baselines.forget()
    else baselines.learn(slowdown > dip.slowdownBefore * UNCHANGED ? 'unqueued' : 'queued')
  }

  function close(): void {
    const slowdown = baselines.slowdown()
    if (dip.windowsLeft > 0) {
      closeInDip(slowdown)
      return
    }
    // Who needs less than half of the limit says nothing about where it should be.
    const isSaturated = window.maxInFlight >= limit / 2
    baselines.learn(isSaturated ? 'saturated' : 'calm')
    fullWindows = window.isFull ? fullWindows + 1 : 0
    if (isSaturated) adapt(slowdown)
    if (fullWindows < windowsToDip) return
    fullWindows = 0
    windowsToDip = Math.min(2 * windowsToDip, DIPS.last)
    dip = { windowsLeft: DIP_WINDOWS, slowdownBefore: slowdown }
  }

  const isOver = (nowMs: number) =>
    window.samples >= MIN_SAMPLES &&
    nowMs - window.startedMs >= Math.max(WINDOW_MS, (2 * window.sumMs) / window.samples)

  return {
    current,
    observe({ route, latencyMs, inFlight, nowMs }) {
      if (Number.isNaN(window.startedMs)) window.startedMs = nowMs
      window.samples += 1
      window.sumMs += latencyMs
      window.maxInFlight = Math.max(window.maxInFlight, inFlight)
      baselines.add(route, latencyMs)
      if (!isOver(nowMs)) return
      close()
      window = emptyWindow(nowMs)
    },
    refused() {
      window.isFull = true
    },
  }
}

const emptyWindow = (startedMs: number) => ({
  startedMs,
  samples: 0,
  sumMs: 0,
  maxInFlight: 0,
  isFull: false,
})
