import type { Kysely, Selectable } from 'kysely'
import type { LinkTables } from './link.tables.ts'

type Row = Selectable<LinkTables['provider_account']>

/** A link together with the access token that it had: no change meets a later token. */
type Renewed = Pick<Row, 'id' | 'access_token_sealed'>

type TokenChange = Pick<Row, 'access_token_sealed' | 'refresh_token_sealed' | 'access_expires_at'>

/**
 * SQL that renews a link's token: each step is one statement, since a connection must not be held
 * while a provider is asked.
 */
export function renewalStore(db: Kysely<LinkTables>) {
  const update = ({ id, access_token_sealed }: Renewed) =>
    db
      .updateTable('provider_account')
      .where('id', '=', id)
      .where('access_token_sealed', '=', access_token_sealed)

  return {
    linkById: (linkId: string): Promise<Row | undefined> =>
      db.selectFrom('provider_account').selectAll().where('id', '=', linkId).executeTakeFirst(),

    /** @returns true for one of all that ask, until it is done or `until` has come. */
    async takeRenewal(link: Renewed, now: Date, until: Date): Promise<boolean> {
      const { numUpdatedRows } = await update(link)
        .set({ renewing_until: until })
        .where('state', '=', 'active')
        .where(({ eb }) => eb('renewing_until', 'is', null).or('renewing_until', '<=', now))
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    /** @returns false when the link has another token by now, or is gone; it then stays so. */
    async saveRenewal(link: Renewed, tokens: TokenChange, now: Date): Promise<boolean> {
      const { numUpdatedRows } = await update(link)
        // Active: a rival that used up the refresh token meanwhile may have been told otherwise.
        .set({ ...tokens, state: 'active', renewing_until: null, updated_at: now })
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    /** @returns as `saveRenewal`. */
    async endAgreement(link: Renewed, now: Date): Promise<boolean> {
      const { numUpdatedRows } = await update(link)
        .set({ state: 'relink', renewing_until: null, updated_at: now })
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    /** Lets somebody else try. `until`: as it was taken, so that a successor keeps its turn. */
    async releaseRenewal(link: Renewed, until: Date): Promise<void> {
      await update(link).set({ renewing_until: null }).where('renewing_until', '=', until).execute()
    },
  }
}
