/** A fault of the Web API: `{"error":{"status","message"}}`. */
export class SpotifyError extends Error {
  readonly status: number
  /** Present in some answers only, such as QUOTA_EXCEEDED. */
  readonly reason: string | undefined

  constructor(status: number, message: string, reason?: string) {
    super(message)
    this.name = 'SpotifyError'
    this.status = status
    this.reason = reason
  }
}

/** The body of a Web API fault. */
export function spotifyErrorBody({ status, message, reason }: SpotifyError) {
  return { error: { status, message, ...(reason === undefined ? {} : { reason }) } }
}

/** A fault of the accounts service: `{"error","error_description"}`, always with status 400. */
export class AccountsError extends Error {
  readonly error: string

  constructor(error: string, description: string) {
    super(description)
    this.name = 'AccountsError'
    this.error = error
  }
}
