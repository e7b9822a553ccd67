import type { Namespace } from './catalogue.tables.ts'
import { byPriority, type ExternalKey, keyText } from './external-key.ts'

/** Something described from outside that is to be found in, or added to, the catalogue. */
export interface Claimant {
  ids: readonly ExternalKey[]
  /** Counts only where no id is known. */
  name: ExternalKey
}

/** Claimants that are the same thing, since they share an id (or, having none, a name). */
export interface ClaimGroup {
  members: number[]
  /** Best evidence first. */
  ids: ExternalKey[]
  names: ExternalKey[]
}

const keysOf = ({ ids, name }: Claimant) => (ids.length > 0 ? ids : [name])

function absorb(into: ClaimGroup, other: ClaimGroup): void {
  into.members.push(...other.members)
  into.ids.push(...other.ids)
  into.names.push(...other.names)
}

function unique(keys: readonly ExternalKey[]): ExternalKey[] {
  return [...new Map(keys.map((key) => [keyText(key), key])).values()]
}

/**
 * Puts claimants that share a key into one group. Groups with ids come first: of a name that two
 * groups bear, the better described one becomes the owner.
 */
export function groupClaimants(claimants: readonly Claimant[]): ClaimGroup[] {
  const groups = new Set<ClaimGroup>()
  const groupByKey = new Map<string, ClaimGroup>()
  for (const [index, claimant] of claimants.entries()) {
    const group: ClaimGroup = { members: [index], ids: [...claimant.ids], names: [claimant.name] }
    const found = new Set(keysOf(claimant).flatMap((key) => groupByKey.get(keyText(key)) ?? []))
    for (const other of found) {
      absorb(group, other)
      groups.delete(other)
    }
    groups.add(group)
    const keys = group.ids.length > 0 ? group.ids : group.names
    for (const key of keys) groupByKey.set(keyText(key), group)
  }
  return [...groups]
    .map(({ members, ids, names }) => ({
      members,
      ids: unique(ids).toSorted(byPriority),
      names: unique(names),
    }))
    .toSorted((a, b) => Number(b.ids.length > 0) - Number(a.ids.length > 0))
}

export const namespacesOf = ({ ids }: ClaimGroup): ReadonlySet<Namespace> =>
  new Set(ids.map((id) => id.namespace))
