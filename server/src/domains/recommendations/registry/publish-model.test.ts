import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readManifest } from '#platform/objects'
import { createTestDatabase, type TestDatabase } from '#test'
import type { ItemModel } from '../model/item-model.ts'
import { publishModel } from './publish-model.ts'
import { openSmallRegistry, type SmallRegistry, twoModels } from './small-registry.ts'

let database: TestDatabase
let registry: SmallRegistry
let one: ItemModel
beforeAll(async () => {
  database = await createTestDatabase()
  registry = await openSmallRegistry(database.url)
  ;[one] = await twoModels()
})
afterAll(async () => {
  await registry.close()
  await database.drop()
})
beforeEach(() => registry.empty())

/** Models that differ in the time they were trained at. */
const rivals = (count: number): ItemModel[] =>
  Array.from({ length: count }, (_, day) => ({
    ...one,
    manifest: { ...one.manifest, trainedAt: `2026-11-0${day + 1}T00:00:00.000Z` },
  }))

const statuses = async () => {
  const rows = await registry.db.selectFrom('reco_model').select('status').execute()
  return rows.map(({ status }) => status).toSorted()
}

describe('publishing a model', () => {
  it('names its file by version, time and content, and makes it the active one', async () => {
    const record = await registry.publish(one)

    expect(record.objectKey).toMatch(
      /^models\/item-knn\/1\.0\.0\/20261102T\d{6}Z-[0-9a-f]{12}\.bin$/,
    )
    expect(await registry.store.activeModel()).toEqual({
      id: record.id,
      version: '1.0.0',
      manifest: one.manifest,
    })
  })

  it('says beside the file what it is', async () => {
    const { objectKey, sha256 } = await registry.publish(one)

    expect(await readManifest(registry.objects, objectKey)).toMatchObject({
      key: objectKey,
      sha256,
      metadata: { algorithm: 'item-knn-rp3', datasetHash: one.manifest.datasetHash },
    })
  })

  it('keeps the model before it, retired', async () => {
    for (const rival of rivals(3)) await registry.publish(rival)

    expect(await statuses()).toEqual(['active', 'retired', 'retired'])
  })

  it.each([
    ['the first model', async () => undefined],
    ['the next model', async () => (await registry.publish(one)).id],
  ])('lets one of many rivals put %s into service', async (_what, before) => {
    const replaces = await before()
    const outcomes = await Promise.all(
      rivals(6).map((rival) => publishModel(rival, replaces, registry)),
    )
    const [winner, ...others] = outcomes.filter((outcome) => outcome !== undefined)

    expect(others).toEqual([])
    expect(winner).toMatchObject({ id: (await registry.store.activeModel())?.id })
    expect(await statuses()).toEqual(replaces === undefined ? ['active'] : ['active', 'retired'])
  })

  it('is refused in place of a model that is active no more', async () => {
    const old = await registry.publish(one)
    const [first, second] = rivals(2) as [ItemModel, ItemModel]
    const active = await registry.publish(first)

    expect(await publishModel(second, old.id, registry)).toBeUndefined()
    expect(await publishModel(second, undefined, registry)).toBeUndefined()
    expect((await registry.store.activeModel())?.id).toBe(active.id)
  })

  it('knows an active model of other software by its id', async () => {
    const { id } = await registry.publish(one)
    await registry.db.deleteFrom('reco_model').execute()
    await registry.db
      .insertInto('reco_model')
      .values({
        id,
        version: '9.0.0',
        algorithm: 'other',
        object_key: 'models/other/9.0.0/x.bin',
        sha256: 'ab'.repeat(32),
        size_bytes: 1,
        manifest: JSON.stringify({ algorithm: 'other' }),
        status: 'active',
        created_at: registry.clock.now(),
      })
      .execute()

    expect(await registry.store.activeModel()).toEqual({
      id,
      version: '9.0.0',
      manifest: undefined,
    })
    expect(await publishModel(one, id, registry)).toMatchObject({ version: '1.0.0' })
  })
})
