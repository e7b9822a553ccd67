import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { S3Config } from '#platform/config'
import { missingServer, type RadosgwServer, startRadosgw } from '#servers'
import { breakingProxy } from './breaking-proxy.ts'
import { promisesAmongRivals, promisesOfAStore } from './object-store.contract.ts'
import { objectStoreOver } from './object-store.ts'
import { objectStore } from './open-store.ts'
import { s3Client } from './s3-client.ts'
import { s3Driver } from './s3-driver.ts'
import { s3UnderTest } from './s3-under-test.ts'

const START_TIMEOUT_MS = 120_000

const missing = missingServer('ceph-mon', 'ceph-osd', 'radosgw')
const title = `a store on Ceph’s S3 gateway${missing === undefined ? '' : ` (${missing})`}`

describe.skipIf(missing)(title, () => {
  let server: RadosgwServer
  let config: S3Config
  let opened: ReturnType<typeof s3UnderTest>
  beforeAll(async () => {
    server = await startRadosgw()
    config = {
      kind: 's3',
      bucket: 'music',
      prefix: 'some/where',
      region: 'us-east-1',
      endpoint: server.endpoint,
      forcePathStyle: true,
      credentials: server.credentials,
    }
    const client = s3Client(config)
    await client.send(new CreateBucketCommand({ Bucket: config.bucket }))
    client.destroy()
    opened = s3UnderTest(config)
  }, START_TIMEOUT_MS)
  afterAll(async () => {
    await opened.close()
    await server.stop()
  })

  promisesOfAStore(async () => opened)
  promisesAmongRivals(async () => opened)

  it('knows a conditional put for its own when the answer was lost', async () => {
    const proxy = await breakingProxy({ host: '127.0.0.1', port: server.port })
    const store = objectStore({ ...config, endpoint: proxy.url })
    proxy.loseAnswerTo('if-none-match')
    const stored = await store.putIfAbsent('lake/lost-answer', Buffer.from('mine'))
    expect(await opened.store.verify('lake/lost-answer', stored?.sha256 ?? '')).toEqual(stored)
    expect(await store.putIfAbsent('lake/lost-answer', Buffer.from('mine'))).toBeUndefined()
    expect(proxy.connections()).toBeGreaterThan(1)
    await store.close()
    await proxy.close()
  })

  it('is unavailable while it is frozen, and serves again after', async () => {
    const limits = { connectMs: 500, idleMs: 500, requestMs: 1_000, attempts: 2 }
    const store = objectStoreOver(async () => s3Driver(config, limits))
    const { key, sha256 } = await store.put('exports/frozen', Buffer.from('weights'))
    server.pause()
    await expect(store.get(key, sha256)).rejects.toMatchObject({ fault: 'unavailable' })
    server.resume()
    await expect.poll(() => store.verify(key, sha256)).toMatchObject({ sizeBytes: 7 })
    await store.close()
  })
})
