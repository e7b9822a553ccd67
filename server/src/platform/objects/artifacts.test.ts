import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLogger } from '#platform/telemetry'
import { artifactKey } from './artifact-key.ts'
import { manifestKey, readManifest } from './artifact-manifest.ts'
import { sha256Of } from './content-hash.ts'
import { ObjectError } from './object-error.ts'
import type { ObjectStore } from './object-store.ts'
import { objectStore } from './open-store.ts'
import { type NewArtifact, publishArtifact } from './publish-artifact.ts'
import { verifiedCopies } from './verified-copies.ts'
import { verifyObjects } from './verify-objects.ts'

const logger = createLogger({ logLevel: 'silent' }, { service: 'test' })

let folder: string
let objects: ObjectStore
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'artifacts-'))
  objects = objectStore({ kind: 'files', folder: join(folder, 'objects') })
})
afterEach(() => rm(folder, { recursive: true }))

const artifact = (content: string): NewArtifact => ({
  area: 'models',
  name: 'item-knn',
  version: '1.2.3',
  at: new Date('2026-11-01T03:15:00.123Z'),
  extension: 'bin',
  contentType: 'application/octet-stream',
  content: Buffer.from(content),
  metadata: { listeners: 2, nested: { b: 1, a: [1, 'x', null] } },
})
const publish = (content: string) => publishArtifact(objects, artifact(content))
const pathOf = (key: string) => join(folder, 'objects', key)

describe('the name of an artifact', () => {
  const name = {
    area: 'models' as const,
    name: 'item-knn',
    version: '1.2.3-rc.1',
    at: new Date('2026-11-01T03:15:00.999Z'),
    sha256: 'ab'.repeat(32),
    extension: 'tar.gz',
  }

  it('tells area, name, version, time and content', () => {
    expect(artifactKey(name)).toBe(
      'models/item-knn/1.2.3-rc.1/20261101T031500Z-abababababab.tar.gz',
    )
  })

  it.each([
    { name: '../up' },
    { name: 'Item' },
    { name: 'a/b' },
    { name: 'x'.repeat(161) },
    { version: '1.2' },
    { version: '1.2.3/..' },
    { sha256: 'AB'.repeat(32) },
    { sha256: 'ab' },
    { extension: '' },
    { extension: '.bin' },
    { extension: 'bin/..' },
  ])('is not made with %j', (part) => {
    expect(() => artifactKey({ ...name, ...part })).toThrow(RangeError)
  })
})

describe('publishing an artifact', () => {
  it('keeps the object, and beside it the manifest that describes it', async () => {
    const manifest = await publish('weights')
    const sha256 = sha256Of(Buffer.from('weights'))
    expect(manifest).toEqual({
      schemaVersion: 1,
      key: `models/item-knn/1.2.3/20261101T031500Z-${sha256.slice(0, 12)}.bin`,
      sha256,
      sizeBytes: 7,
      createdAt: '2026-11-01T03:15:00.123Z',
      contentType: 'application/octet-stream',
      metadata: { listeners: 2, nested: { b: 1, a: [1, 'x', null] } },
    })
    expect(await readManifest(objects, manifest.key)).toEqual(manifest)
    expect(await objects.get(manifest.key, sha256)).toEqual(Buffer.from('weights'))
  })

  it('takes a file as it takes bytes', async () => {
    const path = join(folder, 'model')
    await writeFile(path, 'weights')
    const ofFile = await publishArtifact(objects, { ...artifact(''), content: { path } })
    expect(ofFile).toEqual(await publish('weights'))
  })

  it('writes the manifest last', async () => {
    const order: string[] = []
    const store = {
      ...objects,
      put(key: string, content: Uint8Array) {
        order.push(key)
        return objects.put(key, content)
      },
    }
    const { key } = await publishArtifact(store, artifact('weights'))
    expect(order).toEqual([key, manifestKey(key)])
  })

  it('done again changes nothing, and mends damage', async () => {
    const first = await publish('weights')
    await truncate(pathOf(first.key), 3)
    expect(await publish('weights')).toEqual(first)
    expect(await verifyObjects(objects)).toMatchObject({ good: 1, damaged: [] })
  })
})

describe('a manifest', () => {
  it.each([
    ['truncated', /.{10}$/s, ''],
    ['of another hash', /"sha256": "[0-9a-f]{2}/, '"sha256": "00'],
    ['of another size', '"sizeBytes": 7', '"sizeBytes": 8'],
    ['with other metadata', '"listeners": 2', '"listeners": 3'],
    ['of another schema', '"schemaVersion": 1', '"schemaVersion": 2'],
    ['empty', /.*/s, ''],
  ])('is refused when it is %s', async (_how, from, to) => {
    const { key } = await publish('weights')
    const path = pathOf(manifestKey(key))
    const before = await readFile(path, 'utf8')
    const after = before.replace(from, to)
    expect(after).not.toBe(before)
    await writeFile(path, after)
    await expect(readManifest(objects, key)).rejects.toMatchObject({
      name: 'ObjectError',
      fault: 'corrupt',
      key: manifestKey(key),
    })
  })

  it('is refused beside another object', async () => {
    const { key } = await publish('weights')
    const moved = 'models/item-knn/1.2.3/moved.bin'
    await objects.put(manifestKey(moved), await objects.getUnverified(manifestKey(key)))
    await expect(readManifest(objects, moved)).rejects.toMatchObject({ fault: 'corrupt' })
  })
})

describe('verifying all objects', () => {
  it('reads what is good to the end', async () => {
    await publish('one')
    await publish('three')
    expect(await verifyObjects(objects)).toEqual({
      good: 2,
      goodBytes: 8,
      damaged: [],
      withoutManifest: 0,
    })
  })

  it('finds what is damaged, lost, or without a manifest', async () => {
    const [cut, lost, good] = [await publish('cut'), await publish('lost'), await publish('good')]
    await truncate(pathOf(cut.key), 2)
    await rm(pathOf(lost.key))
    await objects.put('lake/events/x.parquet', Buffer.from('rows'))
    const report = await verifyObjects(objects)
    expect(report).toMatchObject({ good: 1, goodBytes: good.sizeBytes, withoutManifest: 1 })
    expect(new Map(report.damaged.map(({ key, fault }) => [key, fault]))).toEqual(
      new Map([
        [cut.key, 'corrupt'],
        [lost.key, 'missing'],
      ]),
    )
    expect(await verifyObjects(objects, { prefix: 'lake/' })).toMatchObject({
      good: 0,
      damaged: [],
    })
  })

  it('does not take a store that is away for damage', async () => {
    for (const content of ['a', 'b', 'c', 'd']) await publish(content)
    const away = {
      ...objects,
      async getUnverified(key: string): Promise<Uint8Array> {
        throw new ObjectError('unavailable', key)
      },
    }
    await expect(verifyObjects(away)).rejects.toMatchObject({ fault: 'unavailable' })
  })
})

describe('verified copies', () => {
  const counted = () => {
    const state = { reads: 0, away: false }
    const source = {
      async get(key: string, sha256: string) {
        state.reads += 1
        if (state.away) throw new ObjectError('unavailable', key)
        return objects.get(key, sha256)
      },
    }
    return { state, source }
  }
  const copyStore = () => objectStore({ kind: 'files', folder: join(folder, 'copies') })
  const copied = (source: Pick<ObjectStore, 'get'>) =>
    verifiedCopies({ objects: source, copies: copyStore(), keep: 2, logger })

  it('serve what was read before while the store is away, in a new process too', async () => {
    const { state, source } = counted()
    const { key, sha256 } = await publish('weights')
    await copied(source).get(key, sha256)
    state.away = true
    expect(await copied(source).get(key, sha256)).toEqual(Buffer.from('weights'))
    expect(state.reads).toBe(1)
  })

  it('are not believed when they are damaged', async () => {
    const { state, source } = counted()
    const { key, sha256 } = await publish('weights')
    await copied(source).get(key, sha256)
    await truncate(join(folder, 'copies', sha256), 3)
    expect(await copied(source).get(key, sha256)).toEqual(Buffer.from('weights'))
    await truncate(join(folder, 'copies', sha256), 3)
    state.away = true
    await expect(copied(source).get(key, sha256)).rejects.toMatchObject({ fault: 'unavailable' })
  })

  it('are never of what is damaged in the store', async () => {
    const { key, sha256 } = await publish('weights')
    await truncate(pathOf(key), 3)
    await expect(copied(objects).get(key, sha256)).rejects.toMatchObject({ fault: 'corrupt' })
    await expect(copyStore().get(sha256, sha256)).rejects.toMatchObject({ fault: 'missing' })
  })

  it('are kept of the latest only', async () => {
    const all = [await publish('one'), await publish('two'), await publish('three')]
    for (const { key, sha256 } of all) await copied(objects).get(key, sha256)
    const kept = []
    for await (const { key } of copyStore().list('')) kept.push(key)
    expect(kept).toHaveLength(2)
    expect(kept).toContain(all[2]?.sha256)
  })

  it('may fail to be kept: the store is asked then', async () => {
    await writeFile(join(folder, 'copies'), 'a file in the way')
    const { key, sha256 } = await publish('weights')
    expect(await copied(objects).get(key, sha256)).toEqual(Buffer.from('weights'))
  })
})
