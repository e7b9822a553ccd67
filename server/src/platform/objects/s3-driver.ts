import { Readable } from 'node:stream'
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import pLimit, { type LimitFunction } from 'p-limit'
import type { S3Config } from '#platform/config'
import type { ListedObject, ObjectDriver } from './object-driver.ts'
import { ObjectError } from './object-error.ts'
import { S3_LIMITS, type S3Limits, s3Client } from './s3-client.ts'
import { toObjectError } from './s3-faults.ts'
import { type S3Place, s3Upload } from './s3-upload.ts'

/** Times that a download whose connection was lost goes on from where it broke off. */
const RESUMES = 3

interface Place extends S3Place {
  MaxKeys: number
  atMost: LimitFunction
}

/** From byte `received` on, and only of the object that was begun with. */
async function openAt(place: Place, Key: string, received: number, etag?: string) {
  const { client, Bucket, atMost } = place
  const rest =
    received === 0
      ? {}
      : { Range: `bytes=${received}-`, ...(etag !== undefined && { IfMatch: etag }) }
  const answer = await atMost(() => client.send(new GetObjectCommand({ Bucket, Key, ...rest })))
  if (!(answer.Body instanceof Readable)) throw new Error('the answer has no content')
  if (received > 0 && answer.ContentRange === undefined) {
    answer.Body.destroy()
    throw new Error('the store gives no part of an object')
  }
  return {
    body: answer.Body as AsyncIterable<Buffer>,
    etag: answer.ETag,
    sizeBytes: answer.ContentLength,
  }
}

async function* download(place: Place, key: string): AsyncGenerator<Uint8Array> {
  let received = 0
  let object: Awaited<ReturnType<typeof openAt>> | undefined
  for (let resumed = 0; ; resumed += 1) {
    const opened = await openAt(place, key, received, object?.etag)
    object ??= opened
    try {
      for await (const chunk of opened.body) {
        received += chunk.byteLength
        yield chunk
      }
      return
    } catch (error) {
      // Lost after its last byte.
      if (received === object.sizeBytes) return
      if (resumed === RESUMES) throw error
    }
  }
}

async function* keysOf(place: Place, Prefix: string): AsyncGenerator<ListedObject> {
  const { client, Bucket, MaxKeys, atMost } = place
  let ContinuationToken: string | undefined
  do {
    const next = { Bucket, Prefix, MaxKeys, ...(ContinuationToken && { ContinuationToken }) }
    const page = await atMost(() => client.send(new ListObjectsV2Command(next)))
    for (const { Key, Size, LastModified } of page.Contents ?? []) {
      if (Key === undefined) continue
      yield { key: Key, sizeBytes: Size ?? 0, updatedAt: LastModified ?? new Date(0) }
    }
    ContinuationToken = page.NextContinuationToken
  } while (ContinuationToken !== undefined)
}

/** Objects in a bucket of AWS S3, MinIO, Ceph or another store that speaks S3. */
export function s3Driver(config: S3Config, limits: Partial<S3Limits> = {}): ObjectDriver {
  const all = { ...S3_LIMITS, ...limits }
  const client = s3Client(config, all)
  const atMost = pLimit(all.concurrency)
  const place: Place = { client, Bucket: config.bucket, MaxKeys: all.pageKeys, atMost }
  const root = config.prefix === '' ? '' : `${config.prefix}/`

  return {
    async write(key, chunks, { ifAbsent }) {
      try {
        return await atMost(() => s3Upload(place, root + key, chunks, ifAbsent))
      } catch (error) {
        // Also where a put finds nothing: its bucket is not there.
        throw new ObjectError('unavailable', key, { cause: error })
      }
    },

    async *read(key) {
      try {
        yield* download(place, root + key)
      } catch (error) {
        throw toObjectError(key, error)
      }
    },

    async *list(prefix) {
      try {
        for await (const { key, ...object } of keysOf(place, root + prefix)) {
          yield { key: key.slice(root.length), ...object }
        }
      } catch (error) {
        throw new ObjectError('unavailable', `${prefix}*`, { cause: error })
      }
    },

    async delete(key) {
      try {
        const object = { Bucket: place.Bucket, Key: root + key }
        await atMost(() => client.send(new DeleteObjectCommand(object)))
      } catch (error) {
        throw new ObjectError('unavailable', key, { cause: error })
      }
    },

    close() {
      client.destroy()
    },
  }
}
