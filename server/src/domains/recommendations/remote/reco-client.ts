import { Value } from 'typebox/value'
import { Agent, request as undiciRequest } from 'undici'
import { AppError, errorCode } from '#platform/errors'
import { traceHeaders } from '#platform/http'
import type { ServiceCaller } from '#platform/service-auth'
import { inSpan, type Metrics } from '#platform/telemetry'
import { recommendationsUnavailable } from '../recommendations.errors.ts'
import { Recommendations } from '../recommendations.schemas.ts'
import { circuitBreaker } from './circuit-breaker.ts'
import { BY_LANGUAGE_PATH } from './internal-api.ts'
import { errorOfAnswer } from './problem-answer.ts'

/** What the client proves itself with, and whom it believes; PEM text. */
export interface ClientTls {
  cert: string | undefined
  key: string | undefined
  ca: string | undefined
}

export interface RecoClientOptions {
  baseUrl: string
  tls: ClientTls
  caller: ServiceCaller
  metrics: Metrics
  nowMs?: () => number
}

export interface ByLanguageCall {
  userId: string
  /** Primary subtag. */
  lang: string
  limit: number
}

export interface RecoClient {
  /** @throws AppError what the other side means, or 503 `recommendations.unavailable`. */
  byLanguage(call: ByLanguageCall): Promise<Recommendations>
  close(): Promise<void>
}

/** Of a call with its retry: longer than a list takes to be made, shorter than a user waits. */
const DEADLINE_MS = 4_000
const CONNECT_TIMEOUT_MS = 500
const CONNECTIONS = 64
/** Below what servers allow: a connection that both ends may close at once drops requests. */
const KEEP_ALIVE_MS = 4_000
const MAX_ANSWER_BYTES = 2_000_000
/** Nobody has answered: the process is gone or going, and behind its address may be another. */
const WORTH_REPEATING = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_SOCKET',
])
/** Full or without a model is an answer of a process that works. */
const SAYS_IT_IS_DOWN = new Set(['recommendations.unavailable', 'http.unavailable'])

const isDown = (error: unknown) => SAYS_IT_IS_DOWN.has(errorCode(error) ?? 'http.unavailable')

/** Asks the processes that serve recommendations alone. */
export function recoClient(options: RecoClientOptions): RecoClient {
  const { baseUrl, tls, caller, metrics, nowMs = () => performance.now() } = options
  const breaker = circuitBreaker({ nowMs })
  const agent = new Agent({
    connections: CONNECTIONS,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxResponseSize: MAX_ANSWER_BYTES,
    connect: { timeout: CONNECT_TIMEOUT_MS, ...tls },
  })

  async function once({ userId, ...body }: ByLanguageCall, signal: AbortSignal) {
    const method = 'POST'
    const token = await caller.token({ method, path: BY_LANGUAGE_PATH, body, userId })
    const answer = await undiciRequest(baseUrl + BY_LANGUAGE_PATH, {
      dispatcher: agent,
      signal,
      method,
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        ...traceHeaders(),
      },
      body: JSON.stringify(body),
    })
    const content = await answer.body.json().catch(() => undefined)
    const { statusCode, headers } = answer
    if (statusCode !== 200) throw errorOfAnswer(statusCode, content, headers['retry-after'])
    if (!Value.Check(Recommendations, content)) {
      throw recommendationsUnavailable(new Error('reco answered in another shape'))
    }
    return content
  }

  /** The call changes nothing, so it may be made twice. */
  async function withRetry(call: ByLanguageCall): Promise<Recommendations> {
    const signal = AbortSignal.timeout(DEADLINE_MS)
    try {
      return await once(call, signal).catch((error: unknown) => {
        if (!WORTH_REPEATING.has(errorCode(error) ?? '')) throw error
        metrics.providerRetries.inc({ provider: 'reco', operation: 'by_language' })
        return once(call, signal)
      })
    } catch (error) {
      throw error instanceof AppError ? error : recommendationsUnavailable(error)
    }
  }

  async function measured(call: ByLanguageCall): Promise<Recommendations> {
    const operation = 'by_language'
    const stopTimer = metrics.providerDuration.startTimer({ provider: 'reco', operation })
    try {
      const answer = await withRetry(call)
      stopTimer({ outcome: 'ok' })
      return answer
    } catch (error) {
      stopTimer({ outcome: isDown(error) ? 'unavailable' : `status_${statusOf(error)}` })
      throw error
    }
  }

  return {
    byLanguage: (call) =>
      inSpan('reco by_language', { 'peer.service': 'reco' }, () =>
        breaker.run(() => measured(call), isDown),
      ).catch((error: unknown) => {
        throw error instanceof AppError ? error : recommendationsUnavailable(error)
      }),
    close: () => agent.destroy(),
  }
}

const statusOf = (error: unknown) => (error instanceof AppError ? error.status : 0)
