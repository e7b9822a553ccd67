import { Compile, type Validator } from 'typebox/compile'
import type { EventType } from './event-types.ts'

export interface KnownEventType extends EventType {
  readonly isValidPayload: (payload: unknown) => boolean
  /** What is wrong with a payload: `/trackId: must match format "uuid"; …`, at most three faults. */
  readonly faultsOf: (payload: unknown) => string
}

export type EventCatalogue = ReturnType<typeof eventCatalogue>

const MAX_FAULTS = 3

/** The types of events by name and version, ready to judge payloads. */
export function eventCatalogue(types: readonly EventType[]) {
  const byName = new Map<string, Map<number, KnownEventType>>()
  for (const each of types) {
    const versions = byName.get(each.type) ?? new Map<number, KnownEventType>()
    if (versions.has(each.version)) throw new Error(`${each.type} ${each.version} is there twice`)
    byName.set(each.type, versions.set(each.version, known(each)))
  }
  return {
    types,
    find: (type: string, version: number) => byName.get(type)?.get(version),
    /** In the order of their age; empty when there is no such type. */
    versionsOf: (type: string) => [...(byName.get(type)?.keys() ?? [])].toSorted((a, b) => a - b),
  }
}

function known(type: EventType): KnownEventType {
  const validator: Validator = Compile(type.payload)
  return {
    ...type,
    isValidPayload: (payload) => validator.Check(payload),
    faultsOf: (payload) =>
      validator
        .Errors(payload)
        .slice(0, MAX_FAULTS)
        .map(({ instancePath, message }) => `${instancePath || 'the payload'}: ${message}`)
        .join('; '),
  }
}
