import { AppError } from '#platform/errors'
import { ProviderError } from '#platform/outbound'

export const trackNotFound = () =>
  new AppError({ code: 'music.track_not_found', status: 404, title: 'There is no such track' })

export const queryRefused = (cause: unknown) =>
  new AppError({
    code: 'music.query_refused',
    status: 400,
    title: 'The service does not understand the query',
    cause,
  })

export const providerNotConfigured = (provider: string) =>
  new AppError({
    code: 'music.provider_not_configured',
    status: 404,
    title: 'This installation does not offer the service',
    detail: `The operator has not configured "${provider}".`,
  })

export const notLinked = (provider: string) =>
  new AppError({
    code: 'music.not_linked',
    status: 409,
    title: 'No account is linked',
    detail: `Link your ${provider} account first.`,
  })

export const relinkRequired = (provider: string, cause?: unknown) =>
  new AppError({
    code: 'music.relink_required',
    status: 409,
    title: 'The linked account must be linked again',
    detail: `Your agreement with ${provider} has ended. Link the account again; nothing is lost.`,
    cause,
  })

export const accountTaken = () =>
  new AppError({
    code: 'music.account_taken',
    status: 409,
    title: 'This account is already linked to another user',
  })

/** One answer for every way a state can be bad: the difference would help only an attacker. */
export const linkStateInvalid = () =>
  new AppError({
    code: 'music.link_state_invalid',
    status: 400,
    title: 'This link attempt is not valid (any more)',
    detail: 'Start linking again, and finish it in the same browser within 10 minutes.',
  })

export const linkDenied = () =>
  new AppError({
    code: 'music.link_denied',
    status: 400,
    title: 'Access was not granted',
    detail: 'You chose not to connect the account. Nothing was linked.',
  })

export const linkFailed = (cause?: unknown) =>
  new AppError({
    code: 'music.link_failed',
    status: 400,
    title: 'The account could not be linked',
    detail: 'The service did not confirm the link. Start linking again.',
    cause,
  })

const providerRefused = (error: ProviderError) =>
  new AppError({
    code: 'music.provider_refused',
    status: 403,
    title: 'The service refuses this account',
    detail: `${error.provider} does not let this installation read your account.`,
    cause: error,
  })

const providerRateLimited = (error: ProviderError) =>
  new AppError({
    code: 'music.provider_rate_limited',
    status: 503,
    title: 'The service is asked too often',
    detail: `${error.provider} accepts no more calls for now. Try again later.`,
    retryAfterSeconds: error.retryAfterSeconds ?? 30,
    cause: error,
  })

export const providerUnavailable = (cause: unknown) =>
  new AppError({
    code: 'music.provider_unavailable',
    status: 503,
    title: 'The service does not answer',
    detail: 'The music service cannot be reached or answers nonsense. Try again shortly.',
    retryAfterSeconds: 10,
    cause,
  })

/** A provider's fault with a public face; any other error as it is. */
export function publicFault(error: unknown): unknown {
  if (!(error instanceof ProviderError)) return error
  switch (error.fault) {
    case 'rate-limited':
      return providerRateLimited(error)
    case 'unavailable':
      return providerUnavailable(error)
    case 'unauthorised':
      return relinkRequired(error.provider, error)
    case 'rejected':
      // Only 403 is about the user; any other refusal means that we asked wrongly.
      return error.status === 403 ? providerRefused(error) : providerUnavailable(error)
  }
}
