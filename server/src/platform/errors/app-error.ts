export interface AppErrorOptions {
  /** Stable, dotted, e.g. `identity.invalid_credentials`; has a page in docs/errors. */
  code: string
  /** HTTP status, 400-599. */
  status: number
  /** Public: shown to the caller as `title`. */
  title: string
  /** Public: shown to the caller as `detail`. */
  detail?: string
  /** Sent as Retry-After, in whole seconds. */
  retryAfterSeconds?: number
  /** Public, machine-readable members added to the problem document. */
  extensions?: Readonly<Record<string, unknown>>
  /** Internal: logged, never sent. */
  cause?: unknown
}

/** The only error a domain throws on purpose; made in the domain's `x.errors.ts`. */
export class AppError extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string | undefined
  readonly retryAfterSeconds: number | undefined
  readonly extensions: Readonly<Record<string, unknown>>

  constructor(options: AppErrorOptions) {
    super(options.detail ?? options.title, { cause: options.cause })
    this.name = 'AppError'
    this.code = options.code
    this.status = options.status
    this.title = options.title
    this.detail = options.detail
    this.retryAfterSeconds = options.retryAfterSeconds
    this.extensions = options.extensions ?? {}
  }
}

/** The code of an error of ours, or of a system error (`ECONNREFUSED`, SQLSTATE), else undefined. */
export function errorCode(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return undefined
}
