export interface BreakerOptions {
  /** Finds out whether the other side works again, and makes good what it missed. Bounded in time. */
  probe(): Promise<void>
  /** Asked right after `probe`: whether meanwhile something came up that it has to make good too. */
  isBehind(): boolean
  onChange(isClosed: boolean): void
  /** Time between probes: doubled, up to `maxMs`, each time it opens before it was steady. */
  retry: { firstMs: number; maxMs: number; steadyAfterMs: number }
}

export interface Breaker {
  readonly isClosed: boolean
  /** The other side failed: leave it alone until a probe succeeds. */
  open(): void
  /** Probes now instead of when it is due. */
  tryNow(): void
  /** Ends all probing. */
  stop(): void
}

/**
 * Keeps callers from waiting for a side that is known to be down: it begins open, and only a probe
 * in the background closes it, so that no caller ever pays for finding out.
 */
export function breaker({ probe, isBehind, onChange, retry }: BreakerOptions): Breaker {
  let isClosed = false
  let isStopped = false
  let isProbing = false
  let timer: NodeJS.Timeout | undefined
  let retryMs = retry.firstMs
  let closedAtMs = Number.NEGATIVE_INFINITY

  function retryLater(): void {
    clearTimeout(timer)
    if (isStopped) return
    timer = setTimeout(() => void tryOnce(), retryMs)
    timer.unref()
  }

  async function tryOnce(): Promise<void> {
    if (isClosed || isProbing || isStopped) return
    isProbing = true
    clearTimeout(timer)
    try {
      do await probe()
      while (isBehind())
      // Without a pause since `isBehind`, so that nothing comes in between.
      isClosed = !isStopped
      closedAtMs = performance.now()
    } catch {
      retryLater()
    } finally {
      isProbing = false
    }
    if (isClosed) onChange(true)
  }

  return {
    get isClosed() {
      return isClosed
    },
    open() {
      if (!isClosed) return
      isClosed = false
      const wasSteady = performance.now() - closedAtMs >= retry.steadyAfterMs
      retryMs = wasSteady ? retry.firstMs : Math.min(retryMs * 2, retry.maxMs)
      retryLater()
      onChange(false)
    },
    tryNow: () => void tryOnce(),
    stop() {
      isStopped = true
      isClosed = false
      clearTimeout(timer)
    },
  }
}
