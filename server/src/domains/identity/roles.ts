import type { Role } from './identity.tables.ts'

const USER_SCOPES = [
  'profile:read',
  'profile:write',
  'music:read',
  'music:write',
  'language:read',
  'language:write',
  'lyrics:read',
  'reco:read',
  'reco:write',
  'analytics:write',
] as const

const MODERATOR_SCOPES = [...USER_SCOPES, 'language:moderate'] as const
const ADMIN_SCOPES = [...MODERATOR_SCOPES, 'admin:read', 'admin:write'] as const

const SCOPES: Readonly<Record<Role, readonly string[]>> = {
  user: USER_SCOPES,
  moderator: MODERATOR_SCOPES,
  admin: ADMIN_SCOPES,
}

/** The scopes that a role's access tokens carry. */
export const scopesOf = (role: Role): readonly string[] => SCOPES[role]
