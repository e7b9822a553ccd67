import { describe, expect, it } from 'vitest'
import { linkView, monthsAfter } from './link-health.ts'

const row = {
  id: '00000000-0000-7000-8000-000000000001',
  user_id: '00000000-0000-7000-8000-000000000002',
  provider: 'spotify',
  account_id: 'account',
  display_name: 'Name',
  scope: ['user-top-read'],
  access_token_sealed: 'sealed',
  refresh_token_sealed: 'sealed',
  access_expires_at: new Date('2026-01-15T13:00:00Z'),
  authorized_at: new Date('2026-01-15T12:00:00Z'),
  state: 'active' as const,
  renewing_until: null,
  created_at: new Date('2026-01-15T12:00:00Z'),
  updated_at: new Date('2026-01-15T12:00:00Z'),
}
const healthAt = (now: string, state: 'active' | 'relink' | 'revoked' = 'active') =>
  linkView({ ...row, state }, 6, new Date(now)).health

describe('linkView', () => {
  it.each([
    ['2026-06-15T11:59:59Z', 'active'],
    ['2026-06-15T12:00:00Z', 'expiring'],
    ['2026-07-15T11:59:59Z', 'expiring'],
    ['2026-07-15T12:00:00Z', 'relink'],
  ])('is, at %s, %s', (now, health) => {
    expect(healthAt(now)).toBe(health)
  })

  it('shows a link that the provider has ended as ended, whatever its age', () => {
    expect(healthAt('2026-02-01T00:00:00Z', 'relink')).toBe('relink')
    expect(healthAt('2026-02-01T00:00:00Z', 'revoked')).toBe('revoked')
  })

  it('holds no token', () => {
    expect(JSON.stringify(linkView(row, 6, row.created_at))).not.toContain('sealed')
  })
})

describe('monthsAfter', () => {
  it.each([
    ['2026-01-15', '2026-07-15'],
    ['2026-08-31', '2027-02-28'],
    ['2027-08-31', '2028-02-29'],
  ])('is, six months from %s, %s', (from, to) => {
    expect(monthsAfter(new Date(`${from}T08:30:00Z`), 6)).toEqual(new Date(`${to}T08:30:00Z`))
  })
})
