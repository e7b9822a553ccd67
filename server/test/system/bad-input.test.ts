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
import {
  type ApiDocument,
  type ApiRequest,
  apiOperations,
  type Field,
  LEFT_OUT,
  type Operation,
} from './operations.ts'

const UNSAFE = ['\u0000', 'a\u0000b', '\ud800', 'x\udfff']
/** Each password is hashed, which takes 60 ms of a core: some must do for all. */
const HASHED = /^(?:register|logIn)\.password$/
const MOST_HASHES = 40
/** By the rules for every request, or by the router when a path is no UTF-8. */
const REFUSED_UNREAD = /^http\.(?:invalid|malformed)_request$/

let sandbox: TestSandbox
let test: TestApp
let user: TestUser
let api: ReturnType<typeof apiOperations>

beforeAll(async () => {
  sandbox = await startTestSandbox()
  test = await createTestApp({ env: sandbox.env })
  user = await test.register()
  const { listeners } = (await (await fetch(`${sandbox.url}/control/listeners`)).json()) as {
    listeners: { id: string }[]
  }
  await sandbox.link(test.app, user.headers, listeners[0]?.id ?? '')
  api = apiOperations((await test.app.inject({ url: '/openapi.json' })).json<ApiDocument>())
}, 60_000)
afterAll(async () => {
  await test.close()
  await sandbox.close()
})

interface Attempt {
  operation: Operation
  field: Field
  /** `operation.field` */
  name: string
}

/** A callback reads no further than a state that nobody was given. */
async function freshState(): Promise<string> {
  const begun = await test.app.inject({ url: '/auth/spotify/login', headers: user.headers })
  const { authorizeUrl } = begun.json<{ authorizeUrl: string }>()
  return new URL(authorizeUrl).searchParams.get('state') ?? ''
}

/** What an operation is to be told beside the field for its request to be in order. */
async function neighbours({ operation, field }: Attempt): Promise<Record<string, unknown>> {
  if (operation.operationId !== 'finishSpotifyLink') return {}
  const state = field.name === 'state' ? '' : await freshState()
  return { state, error: LEFT_OUT, iss: LEFT_OUT }
}

/** Every field of every operation. Unlinking takes none; it would leave others untested. */
const attempts = (): Attempt[] =>
  api.all.flatMap((operation) =>
    api.fields(operation).map((field) => ({
      operation,
      field,
      name: `${operation.operationId}.${field.name}`,
    })),
  )

const send = (request: ApiRequest) =>
  test.app.inject({ ...request, headers: { ...user.headers, ...request.headers } })

/** Sends the value in the field of a request that is otherwise in order. */
async function answerTo(attempt: Attempt, value: unknown) {
  const { operation, field } = attempt
  const told = await neighbours(attempt)
  const same = api.fields(operation, told).find(({ name }) => name === field.name)
  return send((same ?? field).request(value))
}

type Answer = Awaited<ReturnType<typeof answerTo>>

async function offending(
  tried: readonly { attempt: Attempt; value: unknown }[],
  offends: (answer: Answer) => boolean,
): Promise<string[]> {
  const found: string[] = []
  for (const { attempt, value } of tried) {
    const answer = await answerTo(attempt, value)
    if (offends(answer)) {
      found.push(`${attempt.name} ← ${JSON.stringify(value)}: ${answer.statusCode}`)
    }
  }
  return found
}

/** All texts, or some from all over the list: where each is hashed, and where none belongs. */
function textsFor({ name, field }: Attempt, texts: readonly string[]): readonly string[] {
  if (field.takesText && !HASHED.test(name)) return texts
  const step = Math.ceil(texts.length / MOST_HASHES)
  return texts.filter((_text, index) => index % step === 0)
}

const isProblem = ({ headers }: Answer) =>
  String(headers['content-type']).startsWith('application/problem+json')

/** Whether it answers with an error that is not the caller's, or not told as ours are. */
function isFault(answer: Answer): boolean {
  const { statusCode } = answer
  if (statusCode < 400) return false
  // Nothing was trained here: the text was understood, and there is nothing to recommend.
  if (statusCode === 503) return codeOf(answer) !== 'recommendations.no_model'
  return statusCode >= 500 || !isProblem(answer)
}

/** Events are judged one by one: what takes none of them has refused all. */
function refusesEveryEvent(answer: Answer): boolean {
  const { results = [] } = answer.json<{ results?: { status: string }[] }>()
  return results.length > 0 && results.every(({ status }) => status === 'rejected')
}

const codeOf = (answer: Answer): string => answer.json<{ code: string }>().code

describe('harmless text', () => {
  it('is refused by no field, so that what follows is about the text', async () => {
    const refused: string[] = []
    for (const operation of api.all.filter(({ method }) => method !== 'DELETE')) {
      if (operation.operationId === 'finishSpotifyLink') continue
      const answer = await send(api.request(operation))
      const { statusCode, body } = answer
      if (statusCode === 400 || isFault(answer)) refused.push(`${operation.operationId}: ${body}`)
      if (operation.operationId === 'logOut') user = await signedInAgain()
    }
    expect(refused).toEqual([])
  })

  it('in a callback reaches what it is for', async () => {
    const codes: Record<string, string> = {}
    for (const attempt of attempts()) {
      if (attempt.operation.operationId !== 'finishSpotifyLink') continue
      codes[attempt.field.name] = codeOf(await answerTo(attempt, 'harmless text'))
    }
    expect(codes).toEqual({
      state: 'music.link_state_invalid',
      code: 'music.link_failed',
      error: 'music.link_failed',
      iss: 'music.link_failed',
    })
  })
})

async function signedInAgain(): Promise<TestUser> {
  const body = { email: user.email, password: user.password }
  const answer = await test.app.inject({ method: 'POST', url: '/auth/login', body })
  const tokens = answer.json<Pick<TestUser, 'accessToken' | 'refreshToken'>>()
  return { ...user, ...tokens, headers: { authorization: `Bearer ${tokens.accessToken}` } }
}

describe('bad text in every field of every route', () => {
  it('with U+0000 or a lone surrogate is refused', async () => {
    const tried = attempts()
      .filter(({ field }) => field.takesText)
      .flatMap((attempt) => UNSAFE.map((value) => ({ attempt, value })))
    expect(tried.length).toBeGreaterThan(60)
    const accepted = await offending(
      tried,
      (answer) => answer.statusCode !== 400 || !REFUSED_UNREAD.test(codeOf(answer)),
    )
    expect(accepted).toEqual([])
  })

  const naughty = sharedData('bad-input')
  const listed = naughty.missing === undefined ? readdirSync(naughty.path) : []
  const blns = listed.find((name) => name.startsWith('blns') && name.endsWith('.json'))

  it.skipIf(blns === undefined)(
    `from the big list of naughty strings makes no 5xx${naughty.missing === undefined ? '' : ` (${naughty.missing})`}`,
    async () => {
      const strings = JSON.parse(readFileSync(join(naughty.path, blns ?? ''), 'utf8')) as string[]
      const tried = attempts().flatMap((attempt) =>
        textsFor(attempt, strings).map((value) => ({ attempt, value })),
      )
      expect(tried.length).toBeGreaterThan(5000)
      expect(await offending(tried, isFault)).toEqual([])
    },
    300_000,
  )
})

describe('a value of the wrong kind in every field of every body', () => {
  it('is refused', async () => {
    const wrong = [null, true, 1e308, {}, [[]], [null], { __proto__: null }]
    const tried = attempts()
      .filter(({ operation }) => api.takesBody(operation))
      .flatMap((attempt) => wrong.map((value) => ({ attempt, value })))
      .filter(({ attempt, value }) => !(attempt.field.isFlag && value === true))
    expect(tried.length).toBeGreaterThan(30)
    const accepted = await offending(
      tried,
      (answer) => answer.statusCode !== 400 && !refusesEveryEvent(answer),
    )
    expect(accepted).toEqual([])
  })
})

describe('malformed JSON in the body of every route', () => {
  const suite = sharedData('bad-input/json-parsing')

  it.skipIf(suite.missing !== undefined)(
    `from the JSON test suite makes no 5xx${suite.missing === undefined ? '' : ` (${suite.missing})`}`,
    async () => {
      const files = readdirSync(suite.path).filter((name) => name.endsWith('.json'))
      expect(files.length).toBeGreaterThan(200)
      const bad: string[] = []
      for (const { method, path, operationId } of api.all.filter(api.takesBody)) {
        for (const file of files) {
          const { statusCode } = await send({
            method,
            url: path,
            headers: { 'content-type': 'application/json' },
            payload: readFileSync(join(suite.path, file)),
          })
          if (statusCode < 400 || statusCode >= 500) {
            bad.push(`${operationId} ← ${file}: ${statusCode}`)
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
