import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { objectStore } from '#platform/objects'
import {
  createTestApp,
  type SmallS3,
  seedListening,
  startSmallS3,
  startTestSandbox,
  type TestApp,
  type TestSandbox,
  type TestUser,
} from '#test'

const SEED_TIMEOUT_MS = 120_000
const AWAY = { S3_ENDPOINT: 'http://127.0.0.1:1' }

const secret = () => randomBytes(32).toString('base64')
const secrets = { APP_SECRET: secret(), TOKEN_ENCRYPTION_KEYS: `test:${secret()}` }

let sandbox: TestSandbox
let s3: SmallS3
let test: TestApp
let user: TestUser

beforeAll(async () => {
  sandbox = await startTestSandbox()
  s3 = await startSmallS3()
  test = await createTestApp({ env: { ...sandbox.env, ...s3.env, ...secrets } })
  await seedListening(test.system)
  user = await test.register()
  const listeners = (await (await fetch(`${sandbox.url}/control/listeners`)).json()) as {
    listeners: { id: string }[]
  }
  await sandbox.link(test.app, user.headers, listeners.listeners[0]?.id ?? '')
}, SEED_TIMEOUT_MS)

afterAll(async () => {
  await test.close()
  await s3.stop()
  await sandbox.close()
})

/** Another process of the same system. */
const anotherReplica = (env: Record<string, string> = {}) =>
  createTestApp({
    env: { ...sandbox.env, ...s3.env, ...secrets, DATABASE_URL: test.database.url, ...env },
  })

/** A language that was not asked for before: else the list is there already. */
async function recommend({ app }: TestApp, lang: string) {
  const answer = await app.inject({
    method: 'POST',
    url: '/reco/by-language',
    headers: user.headers,
    body: { lang, limit: 5 },
  })
  return answer.json<{ code?: string; model?: { version: string } }>()
}

const activeVersion = async () => {
  const keys = []
  const store = objectStore(s3.config)
  for await (const { key } of store.list('models/item-knn/1.0.0/')) keys.push(key)
  await store.close()
  const digest = /-([0-9a-f]{12})\.bin$/.exec(
    keys.filter((key) => key.endsWith('.bin')).at(-1) ?? '',
  )
  return `1.0.0+${digest?.[1]}`
}

async function* oneMoreListener() {
  for (const title of ['A new song', 'Another new song']) {
    yield JSON.stringify({
      user_name: 'newcomer',
      listened_at: 1_700_000_000,
      track_metadata: { artist_name: 'Somebody new', track_name: title, additional_info: {} },
    })
  }
}

describe('a system whose objects are on S3', () => {
  it('keeps its model there, and recommends by it', async () => {
    expect(await recommend(test, 'es')).toMatchObject({ model: { version: await activeVersion() } })
    expect(existsSync(join(test.config.dataDir, 'objects'))).toBe(false)
  })

  it('serves what a process has a copy of, after a restart with S3 away', async () => {
    await recommend(test, 'en')
    const restarted = await anotherReplica({ ...AWAY, DATA_DIR: test.config.dataDir })
    expect(await recommend(restarted, 'fr')).toMatchObject({
      model: { version: await activeVersion() },
    })
    await restarted.close()
  })

  it('stays ready, and says what is missing, in a new process with S3 away', async () => {
    const replica = await anotherReplica(AWAY)
    expect(await recommend(replica, 'ja')).toMatchObject({ code: 'recommendations.no_model' })
    expect((await replica.app.inject('/health/ready')).statusCode).toBe(200)
    const metrics = await replica.system.metrics.registry.metrics()
    expect(metrics).toContain('model_loads_total{outcome="unavailable"} 1')
    expect(metrics).toContain(
      'object_operation_duration_seconds_count{operation="get",outcome="unavailable"} 1',
    )
    await replica.close()
  })

  it('shows a new model in every replica', async () => {
    const replica = await anotherReplica()
    expect(await recommend(replica, 'de')).toMatchObject({
      model: { version: await activeVersion() },
    })
    await test.system.history.importListenBrainz(oneMoreListener(), { origin: 'demo' })
    test.advanceSeconds(60)
    expect(await test.system.training.train()).toMatchObject({ trained: true })
    replica.advanceSeconds(10)
    // Makes it look; the old model serves while the new one is loaded.
    await recommend(replica, 'it')
    await expect
      .poll(() => replica.system.metrics.registry.metrics())
      .toContain('model_loads_total{outcome="loaded"} 2')
    expect(await recommend(replica, 'pt')).toMatchObject({
      model: { version: await activeVersion() },
    })
    await replica.close()
  })
})
