/** What a set of JSON samples has in common. */
interface Shape {
  readonly types: ReadonlySet<string>
  readonly keys: ReadonlyMap<string, { readonly shape: Shape; readonly always: boolean }>
  readonly items: Shape | undefined
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/** Learns the keys and types of samples; a key that some lack is optional. */
export function shapeOf(samples: readonly unknown[]): Shape {
  const objects = samples.filter((s): s is Record<string, unknown> => typeOf(s) === 'object')
  const items = samples.filter((s): s is unknown[] => Array.isArray(s)).flat()
  const names = new Set(objects.flatMap((object) => Object.keys(object)))
  return {
    types: new Set(samples.map(typeOf)),
    keys: new Map(
      [...names].map((name) => {
        const holders = objects.filter((object) => name in object)
        const shape = shapeOf(holders.map((object) => object[name]))
        return [name, { shape, always: holders.length === objects.length }]
      }),
    ),
    items: items.length > 0 ? shapeOf(items) : undefined,
  }
}

/** Every place where a value lacks a key of the shape or has another type there. */
export function mismatches(shape: Shape, value: unknown, at = '$'): string[] {
  const onlyNull = shape.types.size === 1 && shape.types.has('null')
  // A recorded null tells nothing of the type that may stand there instead.
  if (onlyNull) return []
  if (!shape.types.has(typeOf(value))) {
    return [`${at} is ${typeOf(value)}, recorded as ${[...shape.types].join(' or ')}`]
  }
  if (Array.isArray(value)) {
    const { items } = shape
    return items ? value.flatMap((item, i) => mismatches(items, item, `${at}[${i}]`)) : []
  }
  if (typeof value !== 'object' || value === null) return []
  const present = new Map(Object.entries(value))
  return [...shape.keys].flatMap(([name, { shape: inner, always }]) => {
    if (!present.has(name)) return always ? [`${at}.${name} is missing`] : []
    return mismatches(inner, present.get(name), `${at}.${name}`)
  })
}
