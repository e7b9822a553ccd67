import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#test'
import { addressesOf, exitOf, programs } from './program.ts'

const { start, run, close } = programs()
const PATIENCE = { timeout: 20_000, interval: 100 }

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(async () => {
  await close()
  await database.drop()
})

const environment = () => ({
  DATABASE_URL: database.url,
  PORT: '0',
  RECO_PORT: '0',
  METRICS_PORT: '0',
  SHUTDOWN_DRAIN_MS: '100',
  PUBLIC_URL: 'http://127.0.0.1:4000',
})

const statusOf = async (url: string, init: RequestInit = {}) => (await fetch(url, init)).status

describe('the role reco', () => {
  it('serves recommendations to our own processes alone, and ends well', async () => {
    const program = start(['reco'], environment())
    const exited = exitOf(program)
    const { url, metricsUrl } = await addressesOf(program)
    expect(await statusOf(`${url}/health/ready`)).toBe(200)
    expect(await statusOf(metricsUrl)).toBe(200)
    const body = JSON.stringify({ lang: 'es' })
    const headers = { 'content-type': 'application/json' }
    const post = { method: 'POST', headers, body }
    expect(await statusOf(`${url}/internal/v1/reco/by-language`, post)).toBe(401)
    expect(await statusOf(`${url}/reco/by-language`, post)).toBe(404)
    program.kill('SIGTERM')
    expect(await exited).toBe(0)
  })

  it('ends with 2 when a certificate cannot be read, and says which', async () => {
    const missing = { RECO_TLS_CERT_FILE: '/nowhere.pem', RECO_TLS_KEY_FILE: '/nowhere.key' }
    const { code, stderr } = await run(['reco'], { ...environment(), ...missing })
    expect(code).toBe(2)
    expect(stderr).toContain('RECO_TLS_CERT_FILE: cannot be read: ENOENT')
    expect(stderr).toContain('RECO_TLS_KEY_FILE: cannot be read: ENOENT')
  })
})

describe('the role all', () => {
  it('answers requests and takes jobs in one process, and ends well', async () => {
    const program = start(['all'], environment())
    const exited = exitOf(program)
    const errors = text(program.stderr)
    const { url, metricsUrl } = await addressesOf(program)
    expect(await statusOf(`${url}/health/ready`)).toBe(200)
    const metrics = async () => (await fetch(metricsUrl)).text()
    await expect.poll(metrics, PATIENCE).toMatch(/^job_duration_seconds_count\{job="[^}]+} [1-9]/m)
    expect(await metrics()).toMatch(/route="\/health\/ready",status_code="200"/)
    program.kill('SIGTERM')
    expect(await exited).toBe(0)
    expect(await errors).toBe('')
  })
})

describe('an unknown role', () => {
  it('is answered with those there are', async () => {
    const { code, stderr } = await run(['nonsense'])
    expect(code).toBe(2)
    expect(stderr).toContain('api|reco|all|worker|cli|start')
  })
})
