import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'

/**
 * Checks one part of a request against its schema, with the schema's defaults filled in. Only what
 * arrives as text (query, path, headers) is converted to the schema's types: in a JSON body, "5"
 * is no number.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const compiled = Compile(schema)
  return (value: unknown) => {
    const complete = Value.Default(schema, value)
    const typed = httpPart === 'body' ? complete : Value.Convert(schema, complete)
    return compiled.Check(typed) ? { value: typed } : { error: [...compiled.Errors(typed)] }
  }
}
