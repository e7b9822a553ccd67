import { StoppedEarlyError } from './local-errors.ts'

export interface StopRequest {
  /** Aborted by the first request to stop. */
  readonly signal: AbortSignal
  /** True once somebody has asked a second time. */
  isHasty(): boolean
  onHasty(listener: () => void): void
  dispose(): void
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Ctrl-C under npm arrives up to three times at once: from the terminal, from npm and from the
 * launcher. Only one that comes later than this is a second request.
 */
const SAME_REQUEST_MS = 500

/** Listens for the signals that ask to stop, and for the end of the launcher. */
export function listenForStop(nowMs: () => number): StopRequest {
  const stop = new AbortController()
  const haste = new AbortController()
  let firstMs = 0

  const request = () => {
    if (!stop.signal.aborted) {
      firstMs = nowMs()
      stop.abort(new StoppedEarlyError())
    } else if (nowMs() - firstMs > SAME_REQUEST_MS) haste.abort()
  }
  for (const signal of SIGNALS) process.on(signal, request)
  if (process.connected) {
    process.once('disconnect', request)
    process.channel?.unref()
  }

  return {
    signal: stop.signal,
    isHasty: () => haste.signal.aborted,
    onHasty: (listener) => haste.signal.addEventListener('abort', listener, { once: true }),
    dispose: () => {
      for (const signal of SIGNALS) process.off(signal, request)
      process.off('disconnect', request)
    },
  }
}
