import type { TextSealer } from '#platform/crypto'
import { relinkRequired } from '../music.errors.ts'
import type { LinkRow } from './link.store.ts'

type Kind = 'access' | 'refresh'
type Owner = Pick<LinkRow, 'user_id' | 'provider'>

export interface LinkTokens {
  seal(kind: Kind, owner: Owner, token: string): string
  /** @throws AppError `music.relink_required` when it was sealed with a key that is gone. */
  open(kind: Kind, row: LinkRow): string
}

/** Tokens at rest: sealed for one user, one provider and one use, so that none fits elsewhere. */
export function linkTokens(sealer: TextSealer): LinkTokens {
  const context = (kind: Kind, { user_id, provider }: Owner) => `${user_id}:${provider}:${kind}`
  return {
    seal: (kind, owner, token) => sealer.seal(token, context(kind, owner)),
    open(kind, row) {
      const sealed = kind === 'access' ? row.access_token_sealed : row.refresh_token_sealed
      try {
        return sealer.open(sealed, context(kind, row))
      } catch (cause) {
        throw relinkRequired(row.provider, cause)
      }
    },
  }
}
