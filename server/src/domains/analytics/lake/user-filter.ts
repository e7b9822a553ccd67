import { createHash } from 'node:crypto'

/**
 * A Bloom filter: says of a user whether a file may hold rows of theirs, and is never wrong when it
 * says no. 10 bits a user and 7 hashes: 0.8 % of those who are not in it seem to be.
 * https://en.wikipedia.org/wiki/Bloom_filter#Optimal_number_of_hash_functions
 */
const BITS_PER_USER = 10
const HASHES = 7

/** Two halves of one digest stand for any number of hashes (Kirsch and Mitzenmacher, 2006). */
function* bitsOf(userId: string, size: number): Generator<number> {
  const digest = createHash('sha256').update(userId).digest()
  const [first, second] = [digest.readBigUInt64BE(0), digest.readBigUInt64BE(8) | 1n]
  for (let n = 0n; n < BigInt(HASHES); n += 1n) yield Number((first + n * second) % BigInt(size))
}

export function filterOf(userIds: Iterable<string>): Buffer {
  const users = new Set(userIds)
  const filter = Buffer.alloc(Math.ceil(Math.max(1, users.size) * (BITS_PER_USER / 8)))
  for (const user of users) {
    for (const bit of bitsOf(user, filter.length * 8)) {
      filter[bit >> 3] = (filter[bit >> 3] ?? 0) | (1 << (bit & 7))
    }
  }
  return filter
}

/** False: the user is surely not in it. */
export function mayHold(filter: Buffer, userId: string): boolean {
  for (const bit of bitsOf(userId, filter.length * 8)) {
    if (((filter[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0) return false
  }
  return true
}
