import type { ColumnType } from 'kysely'

export type LinkState = 'active' | 'relink' | 'revoked'

type Immutable<T> = ColumnType<T, T, never>

export interface LinkTables {
  provider_account: {
    id: string
    user_id: Immutable<string>
    provider: Immutable<string>
    account_id: string
    display_name: string | null
    scope: string[]
    access_token_sealed: string
    refresh_token_sealed: string
    access_expires_at: Date
    authorized_at: Date
    state: LinkState
    renewing_until: Date | null
    created_at: Date
    updated_at: Date
  }
  link_attempt: {
    state_digest: Immutable<string>
    user_id: Immutable<string>
    session_id: Immutable<string>
    provider: Immutable<string>
    browser_digest: Immutable<string>
    verifier_sealed: Immutable<string>
    return_to: Immutable<string>
    created_at: Immutable<Date>
    expires_at: Immutable<Date>
  }
}
