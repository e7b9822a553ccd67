import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Reading } from './reading.ts'

/** What is kept for a key, in a box: a miss (`null`) is worth keeping, and bentocache has its own. */
const Kept = Type.Object({
  value: Type.Optional(Type.Unknown()),
  /** Of its tags, when its load began; see `tag-versions.ts`. */
  versions: Type.String(),
})

/** A value as bentocache writes it. */
const StoredEntry = Type.Object({
  value: Kept,
  createdAt: Type.Number(),
  /** Unix time in ms; past it the value is stale. */
  logicalExpiration: Type.Number(),
})

export interface Kept {
  value?: unknown
  versions: string
}

/** An entry as it was read from Redis. */
export interface StoredEntry extends Static<typeof StoredEntry> {
  text: string
}

/** What another process wrote, which may be of another release or none of ours: undefined then. */
export function readStoredEntry(text: string): StoredEntry | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    return Value.Check(StoredEntry, parsed) ? { ...parsed, text } : undefined
  } catch {
    return undefined
  }
}

/** Whether an entry answers a reading: of its tags' versions, and of the shape that it expects. */
export function isAnswer({ value }: StoredEntry, { versions, shape }: Reading): boolean {
  return value.versions === versions && shape !== undefined && Value.Check(shape, value.value)
}
