import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#test'
import { addressesOf, exitOf, type Program, programs } from './program.ts'

const { start, close } = programs()
/** Longer than any of the steps below should take, even on a busy machine. */
const PATIENCE = { timeout: 10_000, interval: 20 }
const EXIT_WITHIN_MS = 5_000

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(async () => {
  await close()
  await database.drop()
})

const api = (environment: Record<string, string> = {}): Program =>
  start(['api'], {
    DATABASE_URL: database.url,
    PORT: '0',
    METRICS_PORT: '0',
    PUBLIC_URL: 'http://127.0.0.1:4000',
    ...environment,
  })

const statusOf = async (url: string): Promise<number | 'refused'> =>
  fetch(url).then(
    ({ status }) => status,
    () => 'refused' as const,
  )

/** A sign-in whose body is held back: the server has it in hand when this resolves. */
async function signInUnderWay(url: string) {
  const body = JSON.stringify({ email: 'nobody@example.org', password: 'not the password' })
  const sent = request(`${url}/auth/login`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      expect: '100-continue',
    },
  })
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>
  sent.flushHeaders()
  await once(sent, 'continue')
  return {
    async finish() {
      sent.end(body)
      const [answer] = await answered
      return { status: answer.statusCode, body: await text(answer), headers: answer.headers }
    },
  }
}

describe('the API’s process', () => {
  it('serves users on one port and its metrics on another', async () => {
    const { url, metricsUrl } = await addressesOf(api())
    expect(await statusOf(`${url}/health/ready`)).toBe(200)
    expect(await statusOf(`${url}/metrics`)).toBe(404)
    const metrics = await fetch(metricsUrl)
    expect(metrics.status).toBe(200)
    expect(metrics.headers.get('content-type')).toMatch(/^text\/plain; version=/)
    expect(await metrics.text()).toMatch(/route="\/health\/ready",status_code="200"/)
    expect(await statusOf(new URL('/health/ready', metricsUrl).href)).toBe(404)
  })

  it('is alive but not ready while its database is away', async () => {
    const { url } = await addressesOf(api({ DATABASE_URL: 'postgres://127.0.0.1:1/none' }))
    expect(await statusOf(`${url}/health/ready`)).toBe(503)
    expect(await statusOf(`${url}/health/live`)).toBe(200)
  })

  it('told to stop, says so, answers what is under way, and ends well', async () => {
    const program = api({ SHUTDOWN_DRAIN_MS: '1000' })
    const exited = exitOf(program)
    const { url, metricsUrl } = await addressesOf(program)
    const signIn = await signInUnderWay(url)

    program.kill('SIGTERM')
    await expect.poll(() => statusOf(`${url}/health/ready`), PATIENCE).toBe(503)
    const served = await fetch(`${url}/health/live`)
    expect(served.status).toBe(200)
    expect(served.headers.get('connection')).toBe('close')

    await expect.poll(() => statusOf(`${url}/health/live`), PATIENCE).toBe('refused')
    const answer = await signIn.finish()
    expect(answer.status).toBe(401)
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'identity.invalid_credentials' })
    expect(answer.headers.connection).toBe('close')

    expect(await exited).toBe(0)
    expect(await statusOf(metricsUrl)).toBe('refused')
  })

  it('told to stop again, waits for nothing more', async () => {
    const program = api({ SHUTDOWN_DRAIN_MS: '60000' })
    const exited = exitOf(program)
    const { url } = await addressesOf(program)
    program.kill('SIGTERM')
    await expect.poll(() => statusOf(`${url}/health/ready`), PATIENCE).toBe(503)
    program.kill('SIGTERM')
    expect(await exited).toBe(0)
  })

  it.each(['PORT', 'METRICS_PORT'])('ends at once when its %s is taken', async (name) => {
    const rival = createServer().listen(0, '127.0.0.1')
    await once(rival, 'listening')
    const { port } = rival.address() as AddressInfo
    try {
      const program = api({ [name]: String(port) })
      const exited = once(program, 'exit') as Promise<[number | null]>
      const [reason] = (await once(program.stderr, 'data')) as [Buffer]
      const tooLate = AbortSignal.timeout(EXIT_WITHIN_MS)
      const [code] = await Promise.race([
        exited,
        once(tooLate, 'abort').then(() => ['still running'] as const),
      ])
      expect(reason.toString()).toContain('EADDRINUSE')
      expect(code).toBe(1)
    } finally {
      rival.close()
    }
  })

  it('ends with 2 and every fault of its configuration', async () => {
    const program = api({ PORT: 'x', APP_SECRET: 'short' })
    const [code, stderr] = await Promise.all([exitOf(program), text(program.stderr)])
    expect(code).toBe(2)
    expect(stderr).toContain('PORT')
    expect(stderr).toContain('APP_SECRET')
    expect(stderr).not.toContain('short')
  })
})
