import { get } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { LocalRunError } from './local-errors.ts'

const POLL_MS = 40
const ANSWER_TIMEOUT_MS = 2_000
const READY_TIMEOUT_MS = 90_000

/** The status that a URL answers with; undefined when nothing answers. */
export function statusOf(url: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: ANSWER_TIMEOUT_MS }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(undefined))
  })
}

interface Wait {
  readonly name: string
  readonly url: string
  readonly isReady: (status: number) => boolean
  /** Throws when waiting has become pointless. */
  readonly check: () => void
  readonly signal: AbortSignal
}

/** Asks until the answer is the wanted one. @throws what `check` throws, the signal's reason, LocalRunError. */
export async function waitUntilReady({ name, url, isReady, check, signal }: Wait): Promise<void> {
  const deadlineMs = performance.now() + READY_TIMEOUT_MS
  for (;;) {
    signal.throwIfAborted()
    check()
    const status = await statusOf(url)
    if (status !== undefined && isReady(status)) return
    if (performance.now() > deadlineMs) {
      throw new LocalRunError(
        `The ${name} was not ready in time: ${url} → ${status ?? 'no answer'}`,
      )
    }
    await delay(POLL_MS)
  }
}
