import { seedOf } from '../random/random.ts'
import type { GeniusArtist } from './genius-song.ts'

const FIRST_ID = 1_000
const IDS = 4_000_000

/**
 * Gives numbers that are the same on every start and never the same for two names: the hash of the
 * name, moved on while it is taken.
 */
export function numberIssuer(): (name: string) => number {
  const taken = new Map<number, string>()
  return (name) => {
    let id = FIRST_ID + (seedOf(name) % IDS)
    while (taken.has(id) && taken.get(id) !== name) id += 1
    taken.set(id, name)
    return id
  }
}

export function artistIssuer(): (name: string) => GeniusArtist {
  const numberFor = numberIssuer()
  return (name) => ({ id: numberFor(name), name })
}
