export interface MemoryLayerOptions {
  maxItems: number
  /** Of all values together, in UTF-16 code units: as many bytes for Latin text. */
  maxLength: number
  /** Told of what was dropped because its time was over or to make room. */
  onDrop(key: string, cause: 'expired' | 'evicted'): void
}

interface Held {
  text: string
  /** Of the value's tags; with others it is not found. */
  versions: string
  /** Unix time; infinite when it has no end. */
  endsAtMs: number
}

export type MemoryLayer = ReturnType<typeof memoryLayer>

/** The least recently used goes first. Times are by the clock that bentocache reads. */
export function memoryLayer({ maxItems, maxLength, onDrop }: MemoryLayerOptions) {
  // A Map keeps the order of insertion: its first key is the least recently used.
  const held = new Map<string, Held>()
  let length = 0

  function remove(key: string): boolean {
    length -= held.get(key)?.text.length ?? 0
    return held.delete(key)
  }

  function fresh(key: string): Held | undefined {
    const found = held.get(key)
    if (found === undefined || found.endsAtMs > Date.now()) return found
    remove(key)
    onDrop(key, 'expired')
    return undefined
  }

  function makeRoom(): void {
    for (const [key, { endsAtMs }] of held) {
      if (held.size <= maxItems && length <= maxLength) return
      remove(key)
      onDrop(key, endsAtMs > Date.now() ? 'evicted' : 'expired')
    }
  }

  return {
    get(key: string, versions: string): string | undefined {
      const found = fresh(key)
      if (found === undefined || found.versions !== versions) return undefined
      held.delete(key)
      held.set(key, found)
      return found.text
    },
    set(key: string, text: string, versions: string, ttlMs: number): void {
      remove(key)
      held.set(key, { text, versions, endsAtMs: Date.now() + ttlMs })
      length += text.length
      makeRoom()
    },
    remainingMs(key: string): number | undefined {
      const found = fresh(key)
      return found === undefined ? undefined : found.endsAtMs - Date.now()
    },
    delete: remove,
    clear(): void {
      held.clear()
      length = 0
    },
  }
}
