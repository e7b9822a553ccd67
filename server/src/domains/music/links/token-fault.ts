import { ProviderError } from '#platform/outbound'
import type { Logger } from '#platform/telemetry'

export const isUnauthorised = (error: unknown) =>
  error instanceof ProviderError && error.fault === 'unauthorised'

/** The user's agreement, or the code that stands for it, is not good: RFC 6749, section 5.2. */
export const isInvalidGrant = (error: unknown) =>
  error instanceof ProviderError && error.reason === 'invalid_grant'

/**
 * What a fault of the token endpoint other than `invalid_grant` is to users. Whatever else it
 * refuses (a wrong client secret, say) only the operator can mend: that is logged, and to users
 * the provider does not answer. Any other error stays as it is.
 */
export function tokenFault(error: unknown, logger: Logger): unknown {
  if (!(error instanceof ProviderError)) return error
  const { provider, operation, fault } = error
  if (fault !== 'unauthorised' && fault !== 'rejected') return error
  logger.warn({ error, provider }, 'a provider refuses this installation: check its credentials')
  return new ProviderError({ provider, operation, fault: 'unavailable', cause: error })
}
