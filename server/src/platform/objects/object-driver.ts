export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

export interface ListedObject {
  key: string
  sizeBytes: number
  updatedAt: Date
}

/** What a kind of store has to do. Keys are checked already; faults are told as `ObjectError`. */
export interface ObjectDriver {
  /**
   * Keeps content, durable and visible only once whole, in bounded memory.
   * @returns false when `ifAbsent` and the key was taken; the content is then not kept.
   */
  write(key: string, chunks: Chunks, options: { ifAbsent: boolean }): Promise<boolean>
  read(key: string): AsyncIterable<Uint8Array>
  /** In the order of the keys' bytes. */
  list(prefix: string): AsyncIterable<ListedObject>
  /** Does nothing when there is no such object. */
  delete(key: string): Promise<void>
  close(): void
}
