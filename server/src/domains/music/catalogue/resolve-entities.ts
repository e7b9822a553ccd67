import type { Entity, Namespace } from './catalogue.tables.ts'
import { type Claimant, type ClaimGroup, groupClaimants, namespacesOf } from './claimants.ts'
import { type ExternalKey, keyText } from './external-key.ts'

export interface KeyClaim extends ExternalKey {
  entityId: string
}

/** The part of the store that resolving needs, inside one transaction. */
export interface EntityKeys {
  owners(entity: Entity, keys: readonly ExternalKey[]): Promise<Map<string, string>>
  namespaces(entityIds: readonly string[]): Promise<Map<string, Set<Namespace>>>
  /** Takes those keys that are free, in the order given; waits for a rival's transaction. */
  claim(entity: Entity, claims: readonly KeyClaim[]): Promise<void>
  /** Gives keys that this transaction has claimed to another entity. */
  reassign(entity: Entity, claims: readonly KeyClaim[]): Promise<void>
}

export interface Resolution {
  /** The entity of each claimant, in their order. */
  ids: string[]
  /** Those that nobody has described before; their keys are claimed, their rows still missing. */
  created: string[]
}

interface Candidate {
  group: ClaimGroup
  entityId: string
  isNew: boolean
}

/** One order for everybody: two transactions that want the same keys cannot wait for each other. */
function inLockOrder(a: KeyClaim, b: KeyClaim): number {
  const [left, right] = [keyText(a), keyText(b)]
  if (left === right) return 0
  return left < right ? -1 : 1
}

const first = <T>(keys: readonly ExternalKey[], owners: ReadonlyMap<string, T>): T | undefined =>
  keys.map((key) => owners.get(keyText(key))).find((owner) => owner !== undefined)

/**
 * Chooses an entity for each group: the owner of its best known id; else the bearer of its name,
 * unless that one has an id where the group has another; else a new one.
 */
function chooseEntities(
  groups: readonly ClaimGroup[],
  owners: ReadonlyMap<string, string>,
  namespaces: ReadonlyMap<string, Set<Namespace>>,
  newId: () => string,
): Candidate[] {
  const adopted = new Map<string, Set<Namespace>>()
  return groups.map((group) => {
    const known = first(group.ids, owners)
    if (known !== undefined) return { group, entityId: known, isNew: false }
    const bearer = first(group.names, owners)
    if (bearer === undefined) return { group, entityId: newId(), isNew: true }
    const own = namespacesOf(group)
    const taken = adopted.get(bearer) ?? new Set(namespaces.get(bearer))
    const otherThing = [...own].some((namespace) => taken.has(namespace))
    if (otherThing) return { group, entityId: newId(), isNew: true }
    adopted.set(bearer, new Set([...taken, ...own]))
    return { group, entityId: bearer, isNew: false }
  })
}

/** Who a group turns out to be, once it is known which keys a rival was faster to take. */
function settle(
  { group, entityId, isNew }: Candidate,
  owners: ReadonlyMap<string, string>,
): string {
  if (!isNew) return entityId
  const keys = group.ids.length > 0 ? group.ids : group.names
  const rivals = keys.filter((key) => (owners.get(keyText(key)) ?? entityId) !== entityId)
  return first(rivals, owners) ?? entityId
}

async function claimKeys(
  keys: EntityKeys,
  entity: Entity,
  candidates: readonly Candidate[],
  owners: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const claims = candidates.flatMap(({ group, entityId }) =>
    [...group.ids, ...group.names]
      .filter((key) => !owners.has(keyText(key)))
      .map((key) => ({ ...key, entityId })),
  )
  if (claims.length === 0) return new Map()
  await keys.claim(entity, claims.toSorted(inLockOrder))
  return keys.owners(entity, claims)
}

/** A candidate that gave way hands over the keys it had won, and whoever relied on it follows. */
async function settleAll(
  keys: EntityKeys,
  entity: Entity,
  candidates: readonly Candidate[],
  owners: ReadonlyMap<string, string>,
): Promise<string[]> {
  const heirs = new Map<string, string>()
  const settled = candidates.map((candidate) => {
    const owner = settle(candidate, owners)
    const heir = heirs.get(owner) ?? owner
    if (heir !== candidate.entityId) heirs.set(candidate.entityId, heir)
    return heir
  })
  const moved = candidates.flatMap(({ group, entityId }, index) => {
    const heir = settled[index] ?? entityId
    if (heir === entityId) return []
    const won = [...group.ids, ...group.names].filter((k) => owners.get(keyText(k)) === entityId)
    return won.map((key) => ({ ...key, entityId: heir }))
  })
  if (moved.length > 0) await keys.reassign(entity, moved)
  return settled
}

/**
 * Finds or adds the entity behind each claimant. Safe against other transactions doing the same:
 * whoever claims a key first keeps it, and the others adopt its entity.
 */
export async function resolveEntities(
  keys: EntityKeys,
  entity: Entity,
  claimants: readonly Claimant[],
  newId: () => string,
): Promise<Resolution> {
  const groups = groupClaimants(claimants)
  const known = await keys.owners(
    entity,
    groups.flatMap(({ ids, names }) => [...ids, ...names]),
  )
  const bearers = groups.flatMap(({ ids, names }) =>
    first(ids, known) === undefined ? (first(names, known) ?? []) : [],
  )
  const namespaces = await keys.namespaces(bearers)
  const candidates = chooseEntities(groups, known, namespaces, newId)
  const claimed = await claimKeys(keys, entity, candidates, known)
  const settled = await settleAll(keys, entity, candidates, claimed)

  const ids: string[] = []
  const created: string[] = []
  for (const [index, { group, entityId, isNew }] of candidates.entries()) {
    const settledId = settled[index] ?? entityId
    for (const member of group.members) ids[member] = settledId
    if (isNew && settledId === entityId) created.push(entityId)
  }
  return { ids, created }
}
