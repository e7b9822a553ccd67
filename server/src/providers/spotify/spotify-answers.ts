import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { type ProviderAnswer, ProviderError } from '#platform/outbound'

const PROVIDER = 'spotify'

/** `{"error":{"status","message","reason"?}}` of the Web API. */
const ApiFault = Type.Object({
  error: Type.Object({ message: Type.String(), reason: Type.Optional(Type.String()) }),
})

/** RFC 6749, section 5.2: the accounts service. */
const AccountsFault = Type.Object({ error: Type.String() })

/** What the body of a refusal says; undefined when it says nothing that is understood. */
function reasonOf(body: unknown): string | undefined {
  if (Value.Check(AccountsFault, body)) return body.error
  if (Value.Check(ApiFault, body)) return body.error.reason ?? body.error.message
  return undefined
}

/** The error that an answer of 400 or above stands for. */
function refusal(operation: string, { status, body }: ProviderAnswer): ProviderError {
  const reason = reasonOf(body)
  return new ProviderError({
    provider: PROVIDER,
    operation,
    fault: status === 401 ? 'unauthorised' : 'rejected',
    status,
    ...(reason !== undefined && { reason: reason.slice(0, 200) }),
  })
}

/**
 * The body of a good answer, as far as the schema names it; more members are welcome.
 * @throws ProviderError `unauthorised` or `rejected` for an error status, `unavailable` for a body
 * that is not what Spotify documents.
 */
export function bodyOf<Schema extends TSchema>(
  operation: string,
  answer: ProviderAnswer,
  schema: Schema,
): Static<Schema> {
  if (answer.status >= 300) throw refusal(operation, answer)
  const { body } = answer
  if (Value.Check(schema, body)) return body
  throw new ProviderError({
    provider: PROVIDER,
    operation,
    fault: 'unavailable',
    status: answer.status,
    reason: 'malformed answer',
  })
}
