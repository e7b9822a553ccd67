import { type Static, Type } from 'typebox'

/** The shape of a BCP 47 tag; the service checks that it is one. */
const LanguageTag = Type.String({ minLength: 2, maxLength: 35, examples: ['es', 'pt-BR'] })

export const User = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    email: Type.String(),
    role: Type.String({ description: 'user, moderator or admin' }),
    displayName: Type.String(),
    preferredLanguages: Type.Array(LanguageTag, { description: 'The most wanted first.' }),
    createdAt: Type.String({ format: 'date-time' }),
  },
  { title: 'User' },
)
export type User = Static<typeof User>

export const UserChange = Type.Object(
  {
    displayName: Type.Optional(Type.String({ maxLength: 100 })),
    preferredLanguages: Type.Optional(Type.Array(LanguageTag, { maxItems: 10 })),
  },
  { title: 'UserChange', additionalProperties: false, minProperties: 1 },
)
export type UserChange = Static<typeof UserChange>

export const LanguageChange = Type.Object(
  { lang: LanguageTag },
  { title: 'LanguageChange', additionalProperties: false },
)
