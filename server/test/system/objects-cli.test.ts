import { truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { objectStore, publishArtifact } from '#platform/objects'
import { type SmallS3, startSmallS3 } from '#test'
import { programs } from './program.ts'

/** No command here asks for it. */
const NO_DATABASE = { DATABASE_URL: 'postgres://127.0.0.1:1/none' }

const { run, folder, close } = programs()
let s3: SmallS3
beforeAll(async () => {
  s3 = await startSmallS3()
})
afterAll(async () => {
  await close()
  await s3.stop()
})

const model = (content: string) => ({
  area: 'models' as const,
  name: 'item-knn',
  version: '1.0.0',
  at: new Date('2026-11-01T00:00:00Z'),
  extension: 'bin',
  contentType: 'application/octet-stream',
  content: Buffer.from(content),
})

const verify = (environment: Record<string, string> = {}, ...options: string[]) =>
  run(['cli', 'objects', 'verify', ...options], { ...NO_DATABASE, ...environment })

describe('objects verify', () => {
  it('passes what is whole, and fails when an object is damaged', async () => {
    const files = join(folder, 'objects')
    const store = objectStore({ kind: 'files', folder: files })
    const { key } = await publishArtifact(store, model('weights'))
    await publishArtifact(store, model('other weights'))
    expect(await verify()).toMatchObject({ code: 0, stdout: expect.stringContaining('2 objects') })

    await truncate(join(files, key), 3)
    const { code, stdout } = await verify()
    expect(code).toBe(1)
    expect(stdout).toContain(key)
    expect(stdout).toContain('corrupt')
    expect(await verify({}, '--prefix', 'exports/')).toMatchObject({ code: 0 })
  })

  it('reads an S3 store, and says as JSON what it found', async () => {
    const store = objectStore(s3.config)
    const { key } = await publishArtifact(store, model('weights'))
    await store.put(key, Buffer.from('weighty'))
    await store.close()
    const { code, stdout } = await verify(s3.env, '--json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toEqual({
      good: 0,
      goodBytes: 0,
      damaged: [{ key, fault: 'corrupt', problem: expect.stringContaining(key) }],
      withoutManifest: 0,
    })
  })

  it('fails in one line when the store is away', async () => {
    const { code, stdout, stderr } = await verify({
      ...s3.env,
      S3_ENDPOINT: 'http://127.0.0.1:1',
    })
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^.*unavailable.*\n$/)
  })
})
