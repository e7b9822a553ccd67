import { setTimeout as pause } from 'node:timers/promises'
import { Agent } from 'undici'
import { inSpan, type Metrics } from '#platform/telemetry'
import { type ProviderAnswer, readAnswer } from './provider-answer.ts'
import { ProviderError } from './provider-error.ts'

export interface ProviderRequest {
  /** Stable name for metrics and errors: `me.top.tracks`. */
  operation: string
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Path below the base URL, starting with `/`; its variable parts already URI-encoded. */
  path: string
  query?: Readonly<Record<string, string | number | undefined>>
  headers?: Readonly<Record<string, string>>
  /** Sent as `application/x-www-form-urlencoded`. */
  form?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  json?: unknown
  /** Whether it may be sent again after a failure. Default: true for GET. */
  repeatable?: boolean
}

export interface ProviderClient {
  /**
   * Resolves for every answer below 500 except 429; the caller reads the status.
   * @throws ProviderError `rate-limited` (429) or `unavailable` (5xx, time-out, broken answer).
   */
  send(request: ProviderRequest): Promise<ProviderAnswer>
  close(): Promise<void>
}

export interface ProviderClientOptions {
  provider: string
  baseUrl: string
  metrics: Metrics
  /** Of one attempt, from connecting to the last byte. Three attempts share twice that time. */
  timeoutMs?: number
  maxResponseBytes?: number
  random?: () => number
}

const MAX_ATTEMPTS = 3
const BACKOFF_MS = 150
/** A longer Retry-After is for the caller to act on: a user is waiting. */
const MAX_WAIT_MS = 2_000

/** One provider's HTTP client: bounded in time and size, no redirects, few and jittered retries. */
export function providerClient(options: ProviderClientOptions): ProviderClient {
  const { provider, baseUrl, metrics, timeoutMs = 5_000, random = Math.random } = options
  const agent = new Agent({
    connections: 16,
    connectTimeout: timeoutMs,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: options.maxResponseBytes ?? 5_000_000,
  })

  async function once(request: ProviderRequest, deadline: AbortSignal): Promise<ProviderAnswer> {
    const { operation } = request
    const stopTimer = metrics.providerDuration.startTimer({ provider, operation })
    try {
      const signal = AbortSignal.any([deadline, AbortSignal.timeout(timeoutMs)])
      const answer = await readAnswer(agent, provider, baseUrl, request, signal)
      stopTimer({ outcome: answer.status < 400 ? 'ok' : `status_${answer.status}` })
      return answer
    } catch (error) {
      const known =
        error instanceof ProviderError
          ? error
          : new ProviderError({ provider, operation, fault: 'unavailable', cause: error })
      stopTimer({ outcome: known.fault })
      throw known
    }
  }

  /** How long to wait before trying again, or undefined when it is not worth it. */
  function retryDelayMs(error: unknown, attempt: number): number | undefined {
    if (!(error instanceof ProviderError) || attempt >= MAX_ATTEMPTS) return undefined
    const asked = error.retryAfterSeconds
    if (asked !== undefined) return asked * 1000 <= MAX_WAIT_MS ? asked * 1000 : undefined
    return BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + random())
  }

  async function withRetries(request: ProviderRequest, deadline: AbortSignal) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(request, deadline)
      } catch (error) {
        const delayMs = retryDelayMs(error, attempt)
        if (delayMs === undefined || deadline.aborted) throw error
        metrics.providerRetries.inc({ provider, operation: request.operation })
        await pause(delayMs)
      }
    }
  }

  return {
    send(request) {
      const deadline = AbortSignal.timeout(2 * timeoutMs)
      const repeatable = request.repeatable ?? (request.method ?? 'GET') === 'GET'
      return inSpan(`${provider} ${request.operation}`, { 'peer.service': provider }, () =>
        repeatable ? withRetries(request, deadline) : once(request, deadline),
      )
    },
    close: () => agent.destroy(),
  }
}
