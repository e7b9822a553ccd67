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
import { isConditionalConflict, isMissing, isPreconditionFailed } from './s3-faults.ts'

export interface S3Place {
  client: S3Client
  Bucket: string
}

/** S3 takes 5 MiB to 5 GiB, and at most 10,000 of them: so objects of up to 78 GiB. */
const PART_BYTES = 8 * 1024 * 1024
const CONFLICT_ATTEMPTS = 5
/** Metadata that tells our own write from a rival's. */
const WRITE_ID = 'write-id'

const condition = (ifAbsent: boolean) => (ifAbsent ? { IfNoneMatch: '*' } : {})

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
  { writeId, ifAbsent }: { writeId: string; ifAbsent: boolean },
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
    await client.send(
      new CompleteMultipartUploadCommand({
        ...upload,
        ...condition(ifAbsent),
        MultipartUpload: { Parts },
      }),
    )
  } catch (error) {
    // Parts of an upload that is never finished are kept, and paid for, without anybody seeing them.
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => {})
    throw error
  }
}

async function* startingWith<T>(first: readonly T[], rest: AsyncIterator<T>): AsyncGenerator<T> {
  yield* first
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
}

/** One request for what fits in one, else in parts: each may be sent again when it fails. */
async function putOnce(
  place: S3Place,
  Key: string,
  parts: AsyncGenerator<Buffer>,
  options: { writeId: string; ifAbsent: boolean },
): Promise<void> {
  const first = await parts.next()
  const second = first.done === true ? first : await parts.next()
  if (first.done === true) return
  if (second.done !== true) {
    return putInParts(place, Key, startingWith([first.value, second.value], parts), options)
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      await place.client.send(
        new PutObjectCommand({
          Bucket: place.Bucket,
          Key,
          Body: first.value,
          Metadata: { [WRITE_ID]: options.writeId },
          ...condition(options.ifAbsent),
        }),
      )
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
    await putOnce(place, key, inParts(chunks, PART_BYTES), { writeId, ifAbsent })
    return true
  } catch (error) {
    if (!ifAbsent || !isPreconditionFailed(error)) throw error
    // A request whose answer was lost is sent again, and then refused for what it did itself.
    return (await writeIdAt(place, key)) === writeId
  }
}
