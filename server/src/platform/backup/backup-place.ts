import type { Readable } from 'node:stream'

export interface Written {
  sizeBytes: number
  sha256: string
}

/** Where a backup lies: files with names such as `tables/track.copy.zst`. */
export interface BackupPlace {
  /** For messages. */
  readonly name: string
  /** @throws BackupError when something lies there already. */
  requireEmpty(): Promise<void>
  /** Durable once it resolves. */
  write(file: string, chunks: AsyncIterable<Uint8Array>): Promise<Written>
  /** @throws BackupError when it is missing. */
  readSmall(file: string): Promise<Uint8Array>
  /** Reads all of a file. @throws BackupError when it is missing or its content is not this. */
  verify(file: string, expected: Written): Promise<void>
  /** The content of a file that was verified. */
  open(file: string, expected: Written): Promise<Readable>
}
