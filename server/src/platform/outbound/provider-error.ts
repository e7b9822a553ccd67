/**
 * What went wrong at a provider, as far as a caller can act on it. "Nothing found" is no error:
 * a provider's client answers `undefined` for it.
 */
export type ProviderFault = 'unauthorised' | 'rejected' | 'rate-limited' | 'unavailable'

export interface ProviderErrorOptions {
  provider: string
  operation: string
  fault: ProviderFault
  status?: number
  retryAfterSeconds?: number
  /** The provider's own error code, such as OAuth's `invalid_grant`. */
  reason?: string
  cause?: unknown
}

export class ProviderError extends Error {
  readonly provider: string
  readonly operation: string
  readonly fault: ProviderFault
  readonly status: number | undefined
  readonly retryAfterSeconds: number | undefined
  readonly reason: string | undefined

  constructor(options: ProviderErrorOptions) {
    const { provider, operation, fault, status, reason } = options
    const details = [status, reason].filter((part) => part !== undefined).join(' ')
    super(`${provider} ${operation}: ${fault}${details === '' ? '' : ` (${details})`}`, {
      cause: options.cause,
    })
    this.name = 'ProviderError'
    this.provider = provider
    this.operation = operation
    this.fault = fault
    this.status = status
    this.retryAfterSeconds = options.retryAfterSeconds
    this.reason = reason
  }
}
