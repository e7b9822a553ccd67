import { type Static, Type } from 'typebox'

const Instant = Type.String({ format: 'date-time', maxLength: 40 })
const Provider = Type.String({ maxLength: 32, examples: ['spotify'] })
const AccountId = Type.String({ maxLength: 255 })
const DisplayName = Type.Union([Type.String({ maxLength: 200 }), Type.Null()])

export const LoginQuery = Type.Object({
  return_to: Type.Optional(
    Type.String({
      maxLength: 500,
      description: 'A path on this site to come back to; anything else counts as "/".',
    }),
  ),
})

export const LinkStart = Type.Object(
  {
    authorizeUrl: Type.String({
      format: 'uri',
      maxLength: 2000,
      description: 'Send the browser there; valid for 10 minutes, once.',
    }),
  },
  { title: 'LinkStart' },
)
export type LinkStart = Static<typeof LinkStart>

/** What an authorization server may send back. Bounds are generous: codes have no set length. */
export const CallbackQuery = Type.Object({
  state: Type.Optional(Type.String({ maxLength: 500 })),
  code: Type.Optional(Type.String({ maxLength: 2000 })),
  error: Type.Optional(Type.String({ maxLength: 200 })),
  iss: Type.Optional(Type.String({ maxLength: 500 })),
})
export type CallbackQuery = Static<typeof CallbackQuery>

export const LinkDone = Type.Object(
  {
    linked: Type.Object({
      provider: Provider,
      accountId: AccountId,
      displayName: DisplayName,
    }),
    returnTo: Type.String({ maxLength: 500 }),
  },
  { title: 'LinkDone' },
)
export type LinkDone = Static<typeof LinkDone>

export const ProviderLink = Type.Object(
  {
    provider: Provider,
    accountId: AccountId,
    displayName: DisplayName,
    health: Type.Union(
      [
        Type.Literal('active'),
        Type.Literal('expiring'),
        Type.Literal('relink'),
        Type.Literal('revoked'),
      ],
      { description: 'expiring: within 30 days. relink: link again, nothing else helps.' },
    ),
    scopes: Type.Array(Type.String({ maxLength: 100 }), { maxItems: 50 }),
    authorizedAt: Instant,
    expiresAt: Instant,
  },
  { title: 'ProviderLink' },
)
export type ProviderLink = Static<typeof ProviderLink>

export const ProviderLinks = Type.Object(
  { links: Type.Array(ProviderLink, { maxItems: 10 }) },
  { title: 'ProviderLinks' },
)
