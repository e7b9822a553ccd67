import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Chunks } from './object-driver.ts'

export interface ContentHash {
  /** Hex SHA-256. */
  sha256: string
  sizeBytes: number
}

/** Lets chunks through and knows, once all have passed, what they were. */
export function hashing(chunks: Chunks): {
  chunks: AsyncIterable<Uint8Array>
  hash(): ContentHash
} {
  const digest = createHash('sha256')
  let sizeBytes = 0
  async function* pass() {
    for await (const chunk of chunks) {
      digest.update(chunk)
      sizeBytes += chunk.byteLength
      yield chunk
    }
  }
  return { chunks: pass(), hash: () => ({ sha256: digest.digest('hex'), sizeBytes }) }
}

/** Reads to the end and keeps nothing. */
export async function hashOf(chunks: Chunks): Promise<ContentHash> {
  const digest = createHash('sha256')
  let sizeBytes = 0
  for await (const chunk of chunks) {
    digest.update(chunk)
    sizeBytes += chunk.byteLength
  }
  return { sha256: digest.digest('hex'), sizeBytes }
}

export const sha256Of = (content: Uint8Array): string =>
  createHash('sha256').update(content).digest('hex')

/** Of a file, in bounded memory. @throws what reading it throws. */
export const fileHash = (path: string): Promise<ContentHash> => hashOf(createReadStream(path))
