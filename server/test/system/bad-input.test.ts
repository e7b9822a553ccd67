import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createTestApp,
  sharedData,
  startTestSandbox,
  type TestApp,
  type TestSandbox,
  type TestUser,
} from '#test'

interface Schema {
  $ref?: string
  type?: string
  format?: string
  properties?: Record<string, Schema>
  items?: Schema
  examples?: unknown[]
  minimum?: number
}
interface Operation {
  operationId: string
  parameters?: { in: string; name: string; schema: Schema; required?: boolean }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
}
interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  path: string
  operation: Operation
}

const UNSAFE = ['\u0000', 'a\u0000b', '\ud800', 'x\udfff']
/** A password is hashed before anything can be said of it, which takes 60 ms of a core each. */
const HASHED = /^(register|logIn)$/

let sandbox: TestSandbox
let test: TestApp
let user: TestUser
let routes: Route[]
let schemas: Record<string, Schema>

beforeAll(async () => {
  sandbox = await startTestSandbox()
  test = await createTestApp({ env: sandbox.env })
  user = await test.register()
  const { listeners } = (await (await fetch(`${sandbox.url}/control/listeners`)).json()) as {
    listeners: { id: string }[]
  }
  await sandbox.link(test.app, user.headers, listeners[0]?.id ?? '')
  const document = (await test.app.inject({ url: '/openapi.json' })).json<{
    paths: Record<string, Record<string, Operation>>
    components: { schemas: Record<string, Schema> }
  }>()
  schemas = document.components.schemas
  routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase() as Route['method'],
      path,
      operation,
    })),
  )
}, 60_000)
afterAll(async () => {
  await test.close()
  await sandbox.close()
})

const resolved = (schema: Schema): Schema =>
  schema.$ref === undefined ? schema : (schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {})

const bodyOf = ({ operation }: Route): Schema | undefined => {
  const schema = operation.requestBody?.content['application/json']?.schema
  return schema === undefined ? undefined : resolved(schema)
}

/** The texts that a route takes, each as a way to send it. */
function textFields(route: Route): { name: string; request(text: string): object }[] {
  const { method, path, operation } = route
  const headers = user.headers
  const parameters = operation.parameters ?? []
  const filled = (skip?: string) =>
    parameters
      .filter((p) => p.in === 'query' && p.required === true && p.name !== skip)
      .map((p): [string, string] => [p.name, 'something'])
  const inPath = parameters
    .filter((p) => p.in === 'path')
    .map((p) => ({
      name: p.name,
      request: (text: string) => ({
        method,
        headers,
        url: path.replace(`{${p.name}}`, encode(text)),
      }),
    }))
  const inQuery = parameters
    .filter((p) => p.in === 'query')
    .map((p) => ({
      name: p.name,
      request: (text: string) => ({
        method,
        headers,
        url: `${path}?${new URLSearchParams(filled(p.name)).toString()}&${p.name}=${encode(text)}`,
      }),
    }))
  const properties = Object.entries(bodyOf(route)?.properties ?? {})
  const inBody = properties.map(([name]) => ({
    name,
    request: (text: string) => ({
      method,
      url: path,
      headers,
      body: {
        email: 'no address',
        password: 'x',
        ...Object.fromEntries(properties.map(([other]) => [other, 'something'])),
        [name]: text,
      },
    }),
  }))
  return [...inPath, ...inQuery, ...inBody]
}

/** encodeURIComponent refuses a lone surrogate; a hostile client sends its bytes all the same. */
const encode = (text: string) =>
  text.isWellFormed()
    ? encodeURIComponent(text)
    : Buffer.from(text, 'utf16le')
        .toString('hex')
        .replace(/(..)(..)/g, '%ed%$2%$1')

interface Attempt {
  /** `operation.field ← text` */
  name: string
  request: object
}

/** Every text in every field. Unlinking is left out: it would leave other routes untested. */
function attempts(texts: readonly string[]): Attempt[] {
  return routes
    .filter(({ method }) => method !== 'DELETE')
    .flatMap((route) => {
      const { operationId } = route.operation
      const some = HASHED.test(operationId) ? texts.slice(0, 40) : texts
      return textFields(route).flatMap(({ name, request }) =>
        some.map((text) => ({
          name: `${operationId}.${name} ← ${JSON.stringify(text)}`,
          request: request(text),
        })),
      )
    })
}

async function offending(
  tried: readonly Attempt[],
  offends: (status: number, contentType: string) => boolean,
): Promise<string[]> {
  const found: string[] = []
  for (const { name, request } of tried) {
    const { statusCode, headers } = await test.app.inject(request)
    if (offends(statusCode, String(headers['content-type']))) found.push(`${name}: ${statusCode}`)
  }
  return found
}

const isProblem = (contentType: string) => contentType.startsWith('application/problem+json')

describe('bad text in every field of every route', () => {
  it('with U+0000 or a lone surrogate is refused with 400, or not found', async () => {
    const tried = attempts(UNSAFE)
    expect(tried.length).toBeGreaterThan(60)
    expect(await offending(tried, (status) => status !== 400 && status !== 404)).toEqual([])
  })

  const naughty = sharedData('bad-input')
  const listed = naughty.missing === undefined ? readdirSync(naughty.path) : []
  const blns = listed.find((name) => name.startsWith('blns') && name.endsWith('.json'))

  it.skipIf(blns === undefined)(
    `from the big list of naughty strings makes no 5xx${naughty.missing === undefined ? '' : ` (${naughty.missing})`}`,
    async () => {
      const strings = JSON.parse(readFileSync(join(naughty.path, blns ?? ''), 'utf8')) as string[]
      const tried = attempts(strings)
      expect(tried.length).toBeGreaterThan(2000)
      const bad = await offending(
        tried,
        (status, type) => status >= 500 || (status >= 400 && !isProblem(type)),
      )
      expect(bad).toEqual([])
    },
    300_000,
  )
})

describe('malformed JSON in the body of every route', () => {
  const suite = sharedData('bad-input/json-parsing')

  it.skipIf(suite.missing !== undefined)(
    `from the JSON test suite makes no 5xx${suite.missing === undefined ? '' : ` (${suite.missing})`}`,
    async () => {
      const files = readdirSync(suite.path).filter((name) => name.endsWith('.json'))
      expect(files.length).toBeGreaterThan(200)
      const bad: string[] = []
      for (const route of routes.filter((candidate) => bodyOf(candidate) !== undefined)) {
        for (const file of files) {
          const { statusCode } = await test.app.inject({
            method: route.method,
            url: route.path,
            headers: { ...user.headers, 'content-type': 'application/json' },
            payload: readFileSync(join(suite.path, file)),
          })
          if (statusCode < 400 || statusCode >= 500) {
            bad.push(`${route.operation.operationId} ← ${file}: ${statusCode}`)
          }
        }
      }
      expect(bad).toEqual([])
    },
    300_000,
  )

  it('nested without end, or naming a prototype, is refused', async () => {
    const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`
    for (const payload of [deep, '{"__proto__":{"x":1},"email":"a@example.org","password":"x"}']) {
      const { statusCode } = await test.app.inject({
        method: 'POST',
        url: '/auth/login',
        headers: { 'content-type': 'application/json' },
        payload,
      })
      expect(statusCode).toBe(400)
    }
  })
})
