import type { TSchema } from 'typebox'
import { describe, expect, it } from 'vitest'
import { eventCatalogue } from './event-catalogue.ts'
import { EVENT_TYPES } from './event-types.ts'

type Schema = TSchema & {
  type?: string
  enum?: unknown[]
  pattern?: string
  format?: string
  maxItems?: number
  minimum?: number
  maximum?: number
  items?: Schema
  additionalProperties?: unknown
}

/** What a field leaves open; undefined when it is bounded. */
function openness(field: Schema): string | undefined {
  if (field.enum !== undefined || field.type === 'boolean') return undefined
  if (field.type === 'string') {
    const isClosed = field.format !== undefined || /^\^.*\$$/.test(field.pattern ?? '')
    return isClosed ? undefined : 'takes any text'
  }
  if (field.type === 'integer') {
    const isBounded = field.minimum !== undefined && field.maximum !== undefined
    return isBounded ? undefined : 'takes any number'
  }
  if (field.type === 'array' && field.maxItems !== undefined && field.items !== undefined) {
    return openness(field.items)
  }
  return `is a ${field.type ?? 'thing'} without bounds`
}

describe('the catalogue of events', () => {
  it('names each type as the others, and describes it', () => {
    for (const { type, version, description, purpose } of EVENT_TYPES) {
      expect(type).toMatch(/^[a-z]+\.[a-z_]+$/)
      expect(version).toBeGreaterThan(0)
      expect(description).toMatch(/^[A-Z].{10,}\.$/)
      expect(['essential', 'analytics']).toContain(purpose)
    }
  })

  it('has no field for free text, nor one without bounds', () => {
    const open = EVENT_TYPES.flatMap(({ type, payload }) =>
      Object.entries(payload.properties as Record<string, Schema>).flatMap(([name, field]) => {
        const fault = openness(field)
        return fault === undefined ? [] : [`${type}.${name} ${fault}`]
      }),
    )
    expect(open).toEqual([])
    expect(
      EVENT_TYPES.every(({ payload }) => (payload as Schema).additionalProperties === false),
    ).toBe(true)
  })

  it('knows nothing but what is in it', () => {
    const catalogue = eventCatalogue(EVENT_TYPES)
    expect(catalogue.find('track.played', 1)?.purpose).toBe('analytics')
    expect(catalogue.find('track.played', 2)).toBeUndefined()
    expect(catalogue.find('__proto__', 1)).toBeUndefined()
    expect(catalogue.versionsOf('track.played')).toEqual([1])
    expect(catalogue.versionsOf('toString')).toEqual([])
  })

  it('takes no type twice in one version', () => {
    const [first] = EVENT_TYPES
    const types = first === undefined ? [] : [first, first]
    expect(() => eventCatalogue(types)).toThrow('is there twice')
  })
})
