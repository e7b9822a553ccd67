import swagger from '@fastify/swagger'
import type { HttpServer } from './http-types.ts'
import { Problem } from './problem.ts'

type Json = { [key: string]: unknown }

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Collects the document from the routes' schemas; register before any route. */
export async function describeRoutes(app: HttpServer, publicUrl: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Music Language',
        version: '0.1.0',
        description: 'Music in the language you love or are learning.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: publicUrl }],
      tags: [
        { name: 'identity', description: 'Accounts, sessions and the keys that verify tokens.' },
        { name: 'profile', description: 'Who you are and which languages you want.' },
        { name: 'links', description: 'Accounts elsewhere that your listening comes from.' },
        { name: 'music', description: 'What you listen to, with the language of each track.' },
        { name: 'language', description: 'Which language a track is sung in, with the evidence.' },
        { name: 'recommendations', description: 'Songs like yours, in the language you ask for.' },
        { name: 'lyrics', description: 'Where the words of a song live.' },
        { name: 'analytics', description: 'What happens in clients, kept durably.' },
        { name: 'service', description: 'Whether the service works.' },
      ],
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      },
    },
    transform({ schema, url, route }) {
      const access = route.config?.access
      const security =
        access === undefined || access === 'public' ? [] : [{ bearer: [access.scope] }]
      const response = { ...(schema?.response as Json | undefined), default: Problem }
      const asked = {
        ...(schema?.body !== undefined && { body: asRequest(schema.body) }),
        ...(schema?.querystring !== undefined && { querystring: asRequest(schema.querystring) }),
      }
      return { schema: { ...schema, ...asked, security, response }, url }
    },
  })
}

/** What a caller must send: a member with a default is filled in when it is absent. */
function asRequest(schema: unknown): Json {
  if (!isObject(schema)) return {}
  const { required, properties } = schema
  if (!Array.isArray(required) || !isObject(properties)) return schema
  const hasDefault = (name: string) => {
    const property = properties[name]
    return isObject(property) && 'default' in property
  }
  const needed = required.filter((name: string) => !hasDefault(name))
  const { required: _, ...rest } = schema
  return needed.length > 0 ? { ...rest, required: needed } : rest
}

/**
 * The document with every titled schema written once under `components/schemas` and referred to,
 * so that generated clients get named types; errors get their own media type.
 */
export function openApiDocument(app: HttpServer): Json {
  const document = structuredClone(app.swagger()) as unknown as Json
  const schemas: Json = {}

  function hoist(node: unknown): unknown {
    if (Array.isArray(node)) return node.map(hoist)
    if (!isObject(node)) return node
    const walked = Object.fromEntries(Object.entries(node).map(([key, v]) => [key, hoist(v)]))
    const { title } = walked
    if (typeof title !== 'string' || !isSchema(walked)) return walked
    const known = schemas[title]
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(walked)) {
      throw new Error(`two different schemas are titled ${title}`)
    }
    schemas[title] = walked
    return { $ref: `#/components/schemas/${title}` }
  }

  const paths = hoist(document['paths']) as Json
  for (const path of Object.values(paths)) markProblems(path)
  const components = { ...(document['components'] as Json), schemas: sorted(schemas) }
  return { ...document, paths, components }
}

const isSchema = (node: Json) => 'type' in node || 'anyOf' in node || 'allOf' in node

function markProblems(path: unknown): void {
  if (!isObject(path)) return
  for (const operation of Object.values(path)) {
    if (!isObject(operation) || !isObject(operation['responses'])) continue
    const problem = operation['responses']['default']
    if (!isObject(problem) || !isObject(problem['content'])) continue
    problem['description'] = 'A problem (RFC 9457)'
    problem['content'] = { 'application/problem+json': problem['content']['application/json'] }
  }
}

const sorted = (object: Json): Json =>
  Object.fromEntries(Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1)))
