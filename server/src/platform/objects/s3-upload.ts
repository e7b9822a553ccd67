import { randomUUID } from 'node:crypto'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import type { Chunks } from './object-driver.ts'
import { inParts } from './parts.ts'
import {
  isConditionalConflict,
  isMissing,
  isPreconditionFailed,
  isUploadGone,
} from './s3-faults.ts'

export interface S3Place {
  client: S3Client
  Bucket: string
}

/** S3 takes 5 MiB to 5 GiB, and at most 10,000 of them: so objects of up to 78 GiB. */
const PART_BYTES = 8 * 1024 * 1024
/**
 * A conditional put goes in one request, whatever its size: Ceph takes no notice of the condition
 * when an upload in parts is completed, and lets every rival win.
 */
const CONDITIONAL_BYTES = 5 * 1024 ** 3
const CONFLICT_ATTEMPTS = 5
/** Metadata that tells our own write from a rival's. */
const WRITE_ID = 'write-id'

/** Who wrote the object that is there; undefined when there is none. */
async function writeIdAt({ client, Bucket }: S3Place, Key: string): Promise<string | undefined> {
  try {
    const { Metadata } = await client.send(new HeadObjectCommand({ Bucket, Key }))
    return Metadata?.[WRITE_ID] ?? ''
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

async function putInParts(
  { client, Bucket }: S3Place,
  Key: string,
  parts: AsyncIterable<Buffer>,
  writeId: string,
): Promise<void> {
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ Bucket, Key, Metadata: { [WRITE_ID]: writeId } }),
  )
  const upload = { Bucket, Key, UploadId }
  try {
    const Parts: { PartNumber: number; ETag: string | undefined }[] = []
    for await (const Body of parts) {
      const PartNumber = Parts.length + 1
      const { ETag } = await client.send(new UploadPartCommand({ ...upload, PartNumber, Body }))
      Parts.push({ PartNumber, ETag })
    }
    await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }))
  } catch (error) {
    // Parts of an upload that is never finished are kept, and paid for, without anybody seeing them.
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => {})
    throw error
  }
}

async function* startingWith<T>(
  first: readonly T[],
  rest: AsyncGenerator<T, void>,
): AsyncGenerator<T, void> {
  yield* first
  yield* rest
}

/** One request for what fits in one, else in parts: each may be sent again when it fails. */
async function putAll(
  place: S3Place,
  Key: string,
  parts: AsyncGenerator<Buffer, void>,
  { writeId, ifAbsent }: { writeId: string; ifAbsent: boolean },
): Promise<void> {
  const first = await parts.next()
  if (first.done === true) throw new Error('even nothing is one part')
  const second = await parts.next()
  if (second.done !== true) {
    return putInParts(place, Key, startingWith([first.value, second.value], parts), writeId)
  }
  const { client, Bucket } = place
  const object = { Bucket, Key, Body: first.value, Metadata: { [WRITE_ID]: writeId } }
  const condition = ifAbsent ? { IfNoneMatch: '*' } : {}
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.send(new PutObjectCommand({ ...object, ...condition }))
      return
    } catch (error) {
      if (!isConditionalConflict(error) || attempt === CONFLICT_ATTEMPTS) throw error
    }
  }
}

/**
 * Puts an object; S3 shows it only once whole.
 *
 * With `ifAbsent` the key is looked up first, and the put itself is conditional
 * (`If-None-Match: *`). A store that does not know the condition still refuses what is there
 * already, but of rivals that arrive at once more than one may believe to have won.
 * @returns false when the key was taken.
 */
export async function s3Upload(
  place: S3Place,
  key: string,
  chunks: Chunks,
  ifAbsent: boolean,
): Promise<boolean> {
  if (ifAbsent && (await writeIdAt(place, key)) !== undefined) return false
  const writeId = randomUUID()
  try {
    const parts = inParts(chunks, ifAbsent ? CONDITIONAL_BYTES : PART_BYTES)
    await putAll(place, key, parts, { writeId, ifAbsent })
    return true
  } catch (error) {
    if (!(ifAbsent && isPreconditionFailed(error)) && !isUploadGone(error)) throw error
    // A request whose answer was lost is sent again, and then refused for what it did itself.
    if ((await writeIdAt(place, key)) === writeId) return true
    if (ifAbsent) return false
    throw error
  }
}
