import { setTimeout as delay } from 'node:timers/promises'

/** Pauses that grow: the first, then twice as long each time, up to the last. */
export interface Pauses {
  firstMs: number
  lastMs: number
}

/** The pause after a number of failures in a row (from 1), without jitter. */
export function pauseMs({ firstMs, lastMs }: Pauses, failures: number): number {
  return Math.min(lastMs, firstMs * 2 ** Math.min(failures - 1, 30))
}

/** Waits, between half of the time and all of it, or until the signal: then it returns at once. */
export async function waitAbout(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms * (0.5 + Math.random() / 2), undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}

/** Waits for work to end, but not for ever. @throws what the work throws in time. */
export async function withinTime(work: Promise<unknown>, ms: number): Promise<void> {
  const waited = new AbortController()
  const late = delay(ms, undefined, { signal: waited.signal, ref: false }).catch(() => undefined)
  await Promise.race([work, late]).finally(() => waited.abort())
}
