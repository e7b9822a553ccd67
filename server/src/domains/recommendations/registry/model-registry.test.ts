import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '#platform/db'
import { fileObjectStore } from '#platform/objects'
import { createLogger } from '#platform/telemetry'
import { createTestDatabase, type TestDatabase } from '#test'
import type { ItemModel } from '../model/item-model.ts'
import type { RecommendationTables } from '../recommendations.tables.ts'
import { modelOf } from '../small-world.ts'
import { modelStore } from './model.store.ts'
import { modelLoader, versionOf } from './model-loader.ts'
import { publishModel } from './publish-model.ts'

const logger = createLogger({ logLevel: 'silent' }, { service: 'test' })
const time = { now: new Date('2026-11-02T00:00:00Z') }
const clock = { now: () => time.now }
const pass = (seconds: number) => {
  time.now = new Date(time.now.getTime() + seconds * 1000)
}

let database: TestDatabase
let opened: Database<RecommendationTables>
let dataDir: string
let one: ItemModel
let two: ItemModel

beforeAll(async () => {
  database = await createTestDatabase()
  opened = openDatabase<RecommendationTables>({
    url: database.url,
    poolMax: 4,
    statementTimeoutMs: 5000,
    applicationName: 'test',
  })
  dataDir = await mkdtemp(join(tmpdir(), 'models-'))
  one = await modelOf([], { u: 'a b', v: 'a b c' })
  two = await modelOf([], { u: 'a b', v: 'b c d' })
})
afterAll(async () => {
  await opened.close()
  await database.drop()
  await rm(dataDir, { recursive: true })
})
beforeEach(async () => {
  await opened.db.deleteFrom('reco_model').execute()
})

const store = () => modelStore(opened.db)
const objects = () => fileObjectStore({ dataDir })
const publish = (model: ItemModel) =>
  publishModel(model, { store: store(), objects: objects(), clock })
const spoil = (key: string) => writeFile(join(dataDir, 'objects', key), 'not a model')
const loader = (observe?: (outcome: string) => void) =>
  modelLoader({
    store: store(),
    objects: objects(),
    clock,
    logger,
    ...(observe !== undefined && { observe }),
  })

/** The loader's answer once what it does in the background is done. */
async function settled(models: ReturnType<typeof loader>, version: string) {
  await expect.poll(async () => (await models.current())?.version).toBe(version)
}

describe('publishing a model', () => {
  it('names its file by version, time and content, and makes it the active one', async () => {
    const record = await publish(one)

    expect(record.objectKey).toMatch(
      /^models\/item-knn\/1\.0\.0\/20261102T\d{6}Z-[0-9a-f]{12}\.bin$/,
    )
    expect(await store().activeModel()).toEqual({ version: '1.0.0', manifest: one.manifest })
  })

  it('leaves exactly one model active when many publish at once', async () => {
    const rivals = [1, 2, 3, 4].map((day) => ({
      ...one,
      manifest: { ...one.manifest, trainedAt: `2026-11-0${day}T00:00:00.000Z` },
    }))
    await Promise.all(rivals.map(publish))
    const rows = await opened.db.selectFrom('reco_model').select('status').execute()

    expect(rows.map(({ status }) => status).toSorted()).toEqual([
      'active',
      'retired',
      'retired',
      'retired',
    ])
  })
})

describe('the model loader', () => {
  it('has nothing before a model is published, and finds it within 10 seconds', async () => {
    const models = loader()
    expect(await models.current()).toBeUndefined()
    const record = await publish(one)
    pass(9)
    expect(await models.current()).toBeUndefined()
    pass(1)
    expect((await models.current())?.version).toBe(versionOf(record))
  })

  it('loads once however many ask at once', async () => {
    await publish(one)
    const outcomes: string[] = []
    const models = loader((outcome) => outcomes.push(outcome))
    const answers = await Promise.all(Array.from({ length: 20 }, () => models.current()))

    expect(outcomes).toEqual(['loaded'])
    expect(new Set(answers).size).toBe(1)
  })

  it('serves the old model while it loads the new one, then the new one', async () => {
    const old = await publish(one)
    const models = loader()
    await models.current()
    const next = await publish(two)
    pass(10)

    expect((await models.current())?.version).toBe(versionOf(old))
    await settled(models, versionOf(next))
  })

  it('keeps the last good model when the new one is corrupt', async () => {
    const old = await publish(one)
    const outcomes: string[] = []
    const models = loader((outcome) => outcomes.push(outcome))
    await models.current()
    await spoil((await publish(two)).objectKey)
    pass(10)
    await models.current()
    await expect.poll(() => outcomes).toEqual(['loaded', 'failed'])

    expect((await models.current())?.version).toBe(versionOf(old))
  })

  it('starts with the model before when the active one is missing', async () => {
    const old = await publish(one)
    await rm(join(dataDir, 'objects', (await publish(two)).objectKey))

    expect((await loader().current())?.version).toBe(versionOf(old))
  })

  it('comes back to the active model once its file is there', async () => {
    await publish(one)
    const next = await publish(two)
    const file = await objects().get(next.objectKey, next.sha256)
    await spoil(next.objectKey)
    const models = loader()
    await models.current()
    await objects().put(next.objectKey, file)
    pass(60)

    await settled(models, versionOf(next))
  })
})
