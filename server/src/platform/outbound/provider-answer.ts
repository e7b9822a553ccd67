import { type Dispatcher, request as undiciRequest } from 'undici'
import type { ProviderRequest } from './provider-client.ts'
import { ProviderError } from './provider-error.ts'

export interface ProviderAnswer {
  /** 200-499, never 429. */
  status: number
  /** The parsed JSON body; undefined when empty or, on an error status, not JSON. */
  body: unknown
}

/** Sends one request and reads its whole answer. @throws ProviderError, or undici's own errors. */
export async function readAnswer(
  dispatcher: Dispatcher,
  provider: string,
  baseUrl: string,
  request: ProviderRequest,
  signal: AbortSignal,
): Promise<ProviderAnswer> {
  const { operation } = request
  const { statusCode, headers, body } = await undiciRequest(urlOf(baseUrl, request), {
    dispatcher,
    signal,
    method: request.method ?? 'GET',
    headers: { accept: 'application/json', ...contentType(request), ...request.headers },
    body: bodyOf(request),
  })
  const text = await body.text()
  if (statusCode === 429 || statusCode >= 500) {
    const retryAfterSeconds = retryAfter(headers['retry-after'])
    throw new ProviderError({
      provider,
      operation,
      fault: statusCode === 429 ? 'rate-limited' : 'unavailable',
      status: statusCode,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    })
  }
  try {
    return { status: statusCode, body: text === '' ? undefined : JSON.parse(text) }
  } catch (cause) {
    if (statusCode >= 400) return { status: statusCode, body: undefined }
    throw new ProviderError({
      provider,
      operation,
      fault: 'unavailable',
      status: statusCode,
      cause,
    })
  }
}

function urlOf(baseUrl: string, { path, query = {} }: ProviderRequest): string {
  const url = new URL(baseUrl + path)
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value))
  }
  return url.href
}

function contentType({ form, json }: ProviderRequest): Record<string, string> {
  if (form !== undefined) return { 'content-type': 'application/x-www-form-urlencoded' }
  return json === undefined ? {} : { 'content-type': 'application/json' }
}

function bodyOf({ form, json }: ProviderRequest): string | null {
  if (form !== undefined) return new URLSearchParams(form).toString()
  return json === undefined ? null : JSON.stringify(json)
}

/** Retry-After in seconds; the HTTP-date form is rare at these providers and read as absent. */
function retryAfter(header: string | string[] | undefined): number | undefined {
  const seconds = Number(header)
  return header !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined
}
