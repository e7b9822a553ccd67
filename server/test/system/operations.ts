import type { InjectOptions } from 'fastify'

interface Schema {
  $ref?: string
  type?: string
  format?: string
  pattern?: string
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
  enum?: unknown[]
  examples?: unknown[]
  default?: unknown
  minimum?: number
  minLength?: number
}

interface Parameter {
  in: string
  name: string
  schema: Schema
}

export interface ApiDocument {
  paths: Record<string, Record<string, Omit<Operation, 'method' | 'path'>>>
  components: { schemas: Record<string, Schema> }
}

export interface Operation {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  path: string
  operationId: string
  security: { bearer: string[] }[]
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema: Schema }> }
}

export type ApiRequest = InjectOptions & { method: Operation['method']; url: string }

/** One thing that an operation is given. */
export interface Field {
  name: string
  /** Whether text belongs there: a text, or a list of them. */
  takesText: boolean
  /** Whether it is yes or no. */
  isFlag: boolean
  /** A request that is in order but for this field, which is given what is to be tried. */
  request(value: unknown): ApiRequest
}

/** The operations of an API and requests for them, all as its OpenAPI document says. */
export function apiOperations({ paths, components }: ApiDocument) {
  let addresses = 0

  const resolved = (schema: Schema): Schema =>
    schema.$ref === undefined
      ? schema
      : (components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {})

  function sampleText({ format, pattern, minLength = 0 }: Schema): string {
    if (format === 'uuid') return '01980000-0000-7000-8000-000000000000'
    if (format === 'email') {
      addresses += 1
      return `somebody${addresses}@example.org`
    }
    const text = 'harmless text'
    const matches = pattern === undefined || new RegExp(pattern).test(text)
    return (matches ? text : 'harmless').padEnd(minLength, 'x')
  }

  /** A value that the schema allows: its example or default where it has one. */
  function sample(given: Schema): unknown {
    const schema = resolved(given)
    const { examples, default: usual, enum: choices, anyOf } = schema
    const stated = examples?.[0] ?? usual ?? choices?.[0]
    if (stated !== undefined) return stated
    return anyOf?.[0] === undefined ? sampleOfType(schema) : sample(anyOf[0])
  }

  function sampleOfType(schema: Schema): unknown {
    const { type, minimum = 1, items } = schema
    if (type === 'integer' || type === 'number') return minimum
    if (type === 'boolean') return true
    if (type === 'array') return items === undefined ? [] : [sample(items)]
    return type === 'object' ? samples(schema) : sampleText(schema)
  }

  const samples = ({ properties = {} }: Schema): Record<string, unknown> =>
    Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, sample(schema)]))

  /** Of a body that may be one thing or another: the first. */
  function bodyOf({ requestBody }: Operation): Schema | undefined {
    const schema = requestBody?.content['application/json']?.schema
    if (schema === undefined) return undefined
    const body = resolved(schema)
    return body.anyOf?.[0] === undefined ? body : resolved(body.anyOf[0])
  }

  /** The operation with every field filled in, as told or else harmlessly. */
  function request(operation: Operation, told: Record<string, unknown> = {}): ApiRequest {
    const { method, path, parameters = [] } = operation
    const value = ({ name, schema }: Parameter) =>
      encode(text(name in told ? told[name] : sample(schema)))
    const filled = parameters
      .filter((parameter) => parameter.in === 'path')
      .reduce((url, each) => url.replace(`{${each.name}}`, () => value(each)), path)
    const query = parameters
      .filter((parameter) => parameter.in === 'query' && told[parameter.name] !== LEFT_OUT)
      .map((each) => `${each.name}=${value(each)}`)
    const url = query.length === 0 ? filled : `${filled}?${query.join('&')}`
    const body = bodyOf(operation)
    return body === undefined
      ? { method, url }
      : { method, url, body: { ...samples(body), ...told } }
  }

  function fields(operation: Operation, told: Record<string, unknown> = {}): Field[] {
    const inBody = Object.entries(bodyOf(operation)?.properties ?? {})
    const inUrl = (operation.parameters ?? []).map(({ name, schema }) => [name, schema] as const)
    return [...inUrl, ...inBody].map(([name, schema]) => {
      const { type, items } = resolved(schema)
      const isList = type === 'array'
      return {
        name,
        takesText: (isList ? items?.type : type) === 'string',
        isFlag: type === 'boolean',
        request: (value) =>
          request(operation, {
            ...told,
            [name]: isList && typeof value === 'string' ? [value] : value,
          }),
      }
    })
  }

  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]): Operation => ({
        ...operation,
        path,
        method: method.toUpperCase() as Operation['method'],
      }),
    ),
  )
  return { all, request, fields, takesBody: (each: Operation) => bodyOf(each) !== undefined }
}

/** In place of a value: the query goes without this parameter. */
export const LEFT_OUT = Symbol('left out')

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** encodeURIComponent refuses a lone surrogate; a hostile client sends its bytes all the same. */
function encode(value: string): string {
  return Array.from(value, (character) =>
    character.isWellFormed() ? encodeURIComponent(character) : surrogateBytes(character),
  ).join('')
}

/** As UTF-8 would have it, were it allowed: `\ud800` is ED A0 80. */
function surrogateBytes(character: string): string {
  const unit = character.charCodeAt(0)
  const bytes = [0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]
  return bytes.map((byte) => `%${byte.toString(16)}`).join('')
}
