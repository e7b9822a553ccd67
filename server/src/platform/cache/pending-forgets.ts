export interface Forgets {
  keys: readonly string[]
  tags: readonly string[]
}

/** Stands for every value: each one that is shared carries it. */
export const EVERYTHING = '*'

const MAX_PENDING = 10_000
/** One command's worth. */
const BATCH = 500

/**
 * What Redis has not confirmed as forgotten. As long as anything is here, what Redis says may be
 * what was deleted. Too many to remember are replaced by everything.
 */
export function pendingForgets() {
  // With a stamp, since a key may have to be forgotten again while its first time is confirmed.
  const keys = new Map<string, number>()
  const tags = new Map<string, number>()
  let stamp = 0

  return {
    get isEmpty() {
      return keys.size + tags.size === 0
    },
    /** Of what was added last. */
    get stamp() {
      return stamp
    },
    /** The first of them. */
    some: (): Forgets => ({
      keys: [...keys.keys()].slice(0, BATCH),
      tags: [...tags.keys()].slice(0, BATCH),
    }),
    add(forgets: Forgets): void {
      stamp += 1
      for (const key of forgets.keys) keys.set(key, stamp)
      for (const tag of forgets.tags) tags.set(tag, stamp)
      if (keys.size + tags.size <= MAX_PENDING) return
      keys.clear()
      tags.clear()
      tags.set(EVERYTHING, stamp)
    },
    /** Confirms those that were added up to a stamp. */
    done(forgets: Forgets, upTo: number): void {
      for (const key of forgets.keys) if ((keys.get(key) ?? 0) <= upTo) keys.delete(key)
      for (const tag of forgets.tags) if ((tags.get(tag) ?? 0) <= upTo) tags.delete(tag)
    },
  }
}
