import type { ProviderLink } from './link.schemas.ts'
import type { LinkRow } from './link.store.ts'

const EXPIRING_MS = 30 * 86_400_000

/** The same day that many months later, or that month's last day where it has no such day. */
export function monthsAfter(date: Date, months: number): Date {
  const later = new Date(date)
  later.setUTCMonth(later.getUTCMonth() + months)
  if (later.getUTCDate() !== date.getUTCDate()) later.setUTCDate(0)
  return later
}

/** A link as its user sees it. `authorizationMonths`: how long the provider lets it live. */
export function linkView(row: LinkRow, authorizationMonths: number, now: Date): ProviderLink {
  const expiresAt = monthsAfter(row.authorized_at, authorizationMonths)
  const leftMs = expiresAt.getTime() - now.getTime()
  const byAge = leftMs <= 0 ? 'relink' : leftMs <= EXPIRING_MS ? 'expiring' : 'active'
  return {
    provider: row.provider,
    accountId: row.account_id,
    displayName: row.display_name,
    health: row.state === 'active' ? byAge : row.state,
    scopes: row.scope,
    authorizedAt: row.authorized_at.toISOString(),
    expiresAt: expiresAt.toISOString(),
  }
}
