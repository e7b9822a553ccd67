import type { ColumnType } from 'kysely'

export type Role = 'user' | 'moderator' | 'admin'
export type RevocationReason = 'logout' | 'reuse' | 'password_change' | 'admin'

type Immutable<T> = ColumnType<T, T, never>

export interface IdentityTables {
  user_account: {
    id: Immutable<string>
    email: string
    password_hash: string
    role: Role
    status: 'active' | 'disabled'
    created_at: Immutable<Date>
    updated_at: Date
  }
  session: {
    id: Immutable<string>
    user_id: Immutable<string>
    user_agent: Immutable<string>
    created_at: Immutable<Date>
    last_used_at: Date
    idle_expires_at: Date
    absolute_expires_at: Immutable<Date>
    revoked_at: Date | null
    revoked_reason: RevocationReason | null
  }
  refresh_token: {
    digest: Immutable<string>
    session_id: Immutable<string>
    issued_at: Immutable<Date>
    rotated_at: Date | null
  }
  signing_key: {
    kid: Immutable<string>
    algorithm: Immutable<string>
    public_jwk: ColumnType<Record<string, unknown>, string, never>
    private_jwk_sealed: string
    created_at: Immutable<Date>
    retired_at: Date | null
  }
}
