import type { ProviderAccount, ProviderGrant } from '../music.ports.ts'
import { storableText } from '../storable-text.ts'

const MAX_ID = 255
const MAX_NAME = 200
const MAX_SCOPE = 100
const MAX_SCOPES = 50

/**
 * The account as it can be stored; undefined when its id cannot be as it is. An id is not mended:
 * that could make one account of two.
 */
export function storableAccount(account: ProviderAccount): ProviderAccount | undefined {
  const { accountId, displayName } = account
  if (accountId === '' || storableText(accountId, MAX_ID) !== accountId) return undefined
  return { accountId, displayName: storableText(displayName ?? '', MAX_NAME) || null }
}

export function storableScopes({ scopes }: ProviderGrant): string[] {
  return scopes
    .map((scope) => storableText(scope, MAX_SCOPE))
    .filter((scope) => scope !== '')
    .slice(0, MAX_SCOPES)
}
