import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ObjectError, type ObjectStore, objectStore, verifiedCopies } from '#platform/objects'
import { createLogger } from '#platform/telemetry'
import { createTestDatabase, type TestDatabase } from '#test'
import type { ItemModel } from '../model/item-model.ts'
import { modelLoader, versionOf } from './model-loader.ts'
import { openSmallRegistry, type SmallRegistry, twoModels } from './small-registry.ts'

const logger = createLogger({ logLevel: 'silent' }, { service: 'test' })

let database: TestDatabase
let registry: SmallRegistry
let one: ItemModel
let two: ItemModel
beforeAll(async () => {
  database = await createTestDatabase()
  registry = await openSmallRegistry(database.url)
  ;[one, two] = await twoModels()
})
afterAll(async () => {
  await registry.close()
  await database.drop()
})
beforeEach(() => registry.empty())

interface Changes {
  objects?: Pick<ObjectStore, 'get'>
  firstWaitMs?: number
}

function startLoader(changes: Changes = {}) {
  const outcomes: string[] = []
  const { store, objects, clock } = registry
  const observe = (outcome: string) => void outcomes.push(outcome)
  return { models: modelLoader({ store, objects, clock, logger, observe, ...changes }), outcomes }
}

type Models = ReturnType<typeof startLoader>['models']

const versionServed = async (models: Models) => (await models.current())?.version

/** The loader's answer once what it does in the background is done. */
async function settled(models: Models, version: string) {
  await expect.poll(() => versionServed(models)).toBe(version)
}

const DAMAGES = [
  ['corrupt', (key: string) => registry.spoil(key)],
  ['corrupt', (key: string) => registry.truncate(key)],
  ['missing', (key: string) => registry.remove(key)],
] as const

/** The store as it is seen over a network that is gone. */
const away: Pick<ObjectStore, 'get'> = {
  get: (key) => Promise.reject(new ObjectError('unavailable', key)),
}

describe('the model loader', () => {
  it('has nothing before a model is published, and finds it within 10 seconds', async () => {
    const { models } = startLoader()
    expect(await models.current()).toBeUndefined()
    const record = await registry.publish(one)
    registry.pass(9)
    expect(await models.current()).toBeUndefined()
    registry.pass(1)
    expect(await versionServed(models)).toBe(versionOf(record))
  })

  it('loads once however many ask at once', async () => {
    await registry.publish(one)
    const { models, outcomes } = startLoader()
    const answers = await Promise.all(Array.from({ length: 20 }, () => models.current()))

    expect(outcomes).toEqual(['loaded'])
    expect(new Set(answers).size).toBe(1)
  })

  it('serves the old model while it loads the new one, then the new one', async () => {
    const old = await registry.publish(one)
    const { models } = startLoader()
    await models.current()
    const next = await registry.publish(two)
    registry.pass(10)

    expect(await versionServed(models)).toBe(versionOf(old))
    await settled(models, versionOf(next))
  })

  it('in every replica sees a new model within 10 seconds', async () => {
    await registry.publish(one)
    const replicas = [startLoader(), startLoader(), startLoader()].map(({ models }) => models)
    await Promise.all(replicas.map((models) => models.current()))
    const next = await registry.publish(two)
    registry.pass(10)

    await Promise.all(replicas.map((models) => settled(models, versionOf(next))))
  })

  it.each(DAMAGES)('keeps the last good model when the new one is %s', async (fault, damage) => {
    const old = await registry.publish(one)
    const { models, outcomes } = startLoader()
    await models.current()
    await damage((await registry.publish(two)).objectKey)
    registry.pass(10)
    await models.current()
    await expect.poll(() => outcomes).toEqual(['loaded', fault])

    expect(await versionServed(models)).toBe(versionOf(old))
  })

  it.each(DAMAGES)('starts with the model before a %s one', async (fault, damage) => {
    const old = await registry.publish(one)
    await damage((await registry.publish(two)).objectKey)
    const { models, outcomes } = startLoader()

    expect(await versionServed(models)).toBe(versionOf(old))
    expect(outcomes).toEqual([fault, 'loaded'])
  })

  it('refuses a whole file that is no model', async () => {
    const old = await registry.publish(one)
    const active = await registry.publish(two)
    const { sha256 } = await registry.objects.put(active.objectKey, Buffer.from('not a model'))
    await registry.empty()
    for (const record of [old, { ...active, sha256 }]) {
      await registry.store.activate(record, (await registry.store.activeModel())?.id)
    }
    const { models, outcomes } = startLoader()

    expect(await versionServed(models)).toBe(versionOf(old))
    expect(outcomes).toEqual(['unusable', 'loaded'])
  })

  it('comes back to the active model within a minute of its repair', async () => {
    await registry.publish(one)
    const next = await registry.publish(two)
    const file = await registry.objects.get(next.objectKey, next.sha256)
    await registry.spoil(next.objectKey)
    const { models } = startLoader()
    await models.current()
    await registry.objects.put(next.objectKey, file)
    registry.pass(60)

    await settled(models, versionOf(next))
  })
})

describe('the model loader without its store', () => {
  it('serves nothing at first, and a model within 10 seconds of its return', async () => {
    const record = await registry.publish(one)
    let source = away
    const get: ObjectStore['get'] = (key, sha256) => source.get(key, sha256)
    const { models, outcomes } = startLoader({ objects: { get } })
    expect(await models.current()).toBeUndefined()
    source = registry.objects
    registry.pass(10)

    expect(await versionServed(models)).toBe(versionOf(record))
    expect(outcomes).toEqual(['unavailable', 'loaded'])
  })

  it('starts with what was copied to this machine, even when that is the model before', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'copies-'))
    const copied = (objects: Pick<ObjectStore, 'get'>) => {
      const copies = objectStore({ kind: 'files', folder })
      return verifiedCopies({ objects, copies, keep: 2, logger })
    }
    const old = await registry.publish(one)
    await startLoader({ objects: copied(registry.objects) }).models.current()
    await registry.publish(two)
    const { models, outcomes } = startLoader({ objects: copied(away) })

    expect(await versionServed(models)).toBe(versionOf(old))
    expect(outcomes).toEqual(['unavailable', 'loaded'])
    await rm(folder, { recursive: true })
  })

  it('does not hold a caller for longer than it should, and serves what comes later', async () => {
    const record = await registry.publish(one)
    const thaw = Promise.withResolvers<void>()
    const frozen: Pick<ObjectStore, 'get'> = {
      async get(key, sha256) {
        await thaw.promise
        return registry.objects.get(key, sha256)
      },
    }
    const { models } = startLoader({ objects: frozen, firstWaitMs: 20 })
    expect(await models.current()).toBeUndefined()
    thaw.resolve()

    await settled(models, versionOf(record))
  })
})
