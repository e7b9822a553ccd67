import { type Static, Type } from 'typebox'

/** Code points, not bytes; there are no rules of composition (NIST SP 800-63B, 3.1.1.2). */
export const PASSWORD_MIN = 10
export const PASSWORD_MAX = 128

const Email = Type.String({ format: 'email', minLength: 3, maxLength: 254 })
// Keeps a huge text out before it is normalised; the service counts what is left.
const Password = Type.String({ minLength: 1, maxLength: 2 * PASSWORD_MAX })
const RefreshToken = Type.String({ minLength: 20, maxLength: 200, pattern: '^[A-Za-z0-9._-]+$' })

export const Credentials = Type.Object(
  { email: Email, password: Password },
  { title: 'Credentials', additionalProperties: false },
)
export type Credentials = Static<typeof Credentials>

export const RefreshRequest = Type.Object(
  { refreshToken: RefreshToken },
  { title: 'RefreshRequest', additionalProperties: false },
)

export const Tokens = Type.Object(
  {
    tokenType: Type.Literal('Bearer'),
    accessToken: Type.String({ description: 'JWT; send it as a bearer token.' }),
    expiresIn: Type.Integer({ description: 'Life of the access token, in seconds.' }),
    refreshToken: Type.String({ description: 'Good once; each refresh gives the next one.' }),
    userId: Type.String({ format: 'uuid' }),
  },
  { title: 'Tokens' },
)
export type Tokens = Static<typeof Tokens>

export const KeySet = Type.Object(
  { keys: Type.Array(Type.Object({ kid: Type.String() }, { additionalProperties: true })) },
  { title: 'KeySet', description: 'JSON Web Key Set, RFC 7517.' },
)
