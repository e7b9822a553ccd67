/** A deterministic source of numbers in [0, 1). */
export type Random = () => number

/**
 * mulberry32, a 32-bit generator by Tommy Ettinger (public domain,
 * https://gist.github.com/tommyettinger/46a874533244883189143505d203312c). Fast and good enough for
 * made-up listeners; never for secrets.
 */
export function mulberry32(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** FNV-1a, 32 bits, over UTF-16 units (Fowler, Noll, Vo; http://www.isthe.com/chongo/tech/comp/fnv/). */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  }
  return hash >>> 0
}

/** A stable number in [0, 1) for a text: the same fact of a song or an artist on every start. */
export function fractionOf(text: string): number {
  return mulberry32(seedOf(text))()
}

/** An integer in [from, to], both ends included. */
export function integerBetween(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1))
}

/** One of a non-empty list, stable for a text. */
export function choiceOf<T>(text: string, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(fractionOf(text) * choices.length)] ?? choices[0]
}
