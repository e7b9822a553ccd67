import { randomUUID } from 'node:crypto'

/** Asks where all processes look; undefined while that cannot be asked, or for one that is not there. */
export type FindVersions = (
  tags: readonly string[],
) => Promise<readonly (string | undefined)[] | undefined>

/**
 * A tag has a version, and a value is good only with the versions that its tags had when its load
 * began: renewing one outdates every value at once, also those that some process is still loading.
 * Not by time, since the clocks of machines differ. A version that got lost is a new one: the worst
 * that a lost version does is a miss.
 */
export interface TagVersions {
  /** Undefined when not all are known here: then `find` them. */
  known(tags: readonly string[]): string | undefined
  find(tags: readonly string[]): Promise<string>
  /** The tag was renewed: its version must be looked up again. */
  forget(tag: string): void
  forgetAll(): void
}

interface Known {
  version: string
  lookUpAtMs: number
}

/** So that a message that got lost does no harm for longer. */
const LOOK_UP_EVERY_MS = 60_000
/** Beyond it the one looked up longest ago is dropped. */
const MAX_KNOWN = 50_000

export function tagVersions(findShared: FindVersions): TagVersions {
  const versions = new Map<string, Known>()
  let changes = 0

  function remember(tag: string, version: string): void {
    versions.delete(tag)
    versions.set(tag, { version, lookUpAtMs: Date.now() + LOOK_UP_EVERY_MS })
    const [oldest] = versions.keys()
    if (versions.size > MAX_KNOWN && oldest !== undefined) versions.delete(oldest)
  }

  return {
    known(tags) {
      const now = Date.now()
      const found = tags.map((tag) => versions.get(tag))
      if (!found.every((one) => one !== undefined && one.lookUpAtMs > now)) return undefined
      return found.map((one) => one?.version).join()
    },

    async find(tags) {
      const before = changes
      const shared = await findShared(tags)
      const found = tags.map(
        (tag, at) => shared?.[at] ?? versions.get(tag)?.version ?? randomUUID(),
      )
      // Else one was renewed meanwhile: good enough for a value that nobody will be served again.
      if (changes === before) for (const [at, tag] of tags.entries()) remember(tag, found[at] ?? '')
      return found.join()
    },

    forget(tag) {
      changes += 1
      versions.delete(tag)
    },

    forgetAll() {
      changes += 1
      versions.clear()
    },
  }
}
