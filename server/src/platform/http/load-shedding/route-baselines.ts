/**
 * What a window is about: a server with room, a busy one, or one whose limit was halved to see
 * whether its latency came from a queue.
 */
export type Lesson = 'calm' | 'saturated' | 'queued' | 'unqueued'

interface Route {
  /** What the route usually takes; undefined before its first window has closed. */
  baselineMs: number | undefined
  sumMs: number
  samples: number
}

/**
 * Weights of a window's average in a route's baseline. Downwards it is believed soon: nothing but
 * an idle server makes requests fast. Upwards slowly, and while the server is saturated hardly at
 * all (in minutes), since then it is most likely the queue that is measured. Where there was no
 * queue it is believed either way: a dependency has become slower.
 */
const FALL = { calm: 0.1, saturated: 0.1, queued: 0.5, unqueued: 0.5 }
const RISE = { calm: 0.02, saturated: 0.002, queued: 0, unqueued: 0.5 }
/** Patterns of routes, not paths: there are about a hundred. */
const MAX_ROUTES = 1000

/** How long requests of each route usually take, and how much longer those of this window took. */
export function routeBaselines() {
  const routes = new Map<string, Route>()

  function routeOf(name: string): Route | undefined {
    const known = routes.get(name)
    if (known !== undefined || routes.size >= MAX_ROUTES) return known
    const route: Route = { baselineMs: undefined, sumMs: 0, samples: 0 }
    routes.set(name, route)
    return route
  }

  function learnFrom(route: Route, lesson: Lesson): void {
    const averageMs = route.sumMs / route.samples
    const { baselineMs = averageMs } = route
    const weight = (averageMs < baselineMs ? FALL : RISE)[lesson]
    route.baselineMs = baselineMs + (averageMs - baselineMs) * weight
  }

  function forget(): void {
    for (const route of routes.values()) {
      route.sumMs = 0
      route.samples = 0
    }
  }

  return {
    add(name: string, latencyMs: number): void {
      const route = routeOf(name)
      if (route === undefined) return
      route.sumMs += latencyMs
      route.samples += 1
    },

    /** What this window's requests took, as a multiple of what they usually take. 1 if unknown. */
    slowdown(): number {
      let tookMs = 0
      let usualMs = 0
      for (const { baselineMs, sumMs, samples } of routes.values()) {
        if (baselineMs === undefined) continue
        tookMs += sumMs
        usualMs += baselineMs * samples
      }
      return usualMs > 0 ? tookMs / usualMs : 1
    },

    /** Ends the window and takes its averages into account. */
    learn(lesson: Lesson): void {
      for (const route of routes.values()) if (route.samples > 0) learnFrom(route, lesson)
      forget()
    },

    /** Ends the window and makes nothing of it. */
    forget,
  }
}
