type Find<T> = (ids: readonly string[]) => Promise<T[]>

/**
 * What `first` finds, and what only `second` does, in the order of the ids: for a source that may
 * not have yet what was written a moment ago.
 */
export async function withTheRest<T>(
  ids: readonly string[],
  idOf: (item: T) => string,
  first: Find<T>,
  second: Find<T>,
): Promise<T[]> {
  const found = new Map((await first(ids)).map((item) => [idOf(item), item]))
  const missing = ids.filter((id) => !found.has(id))
  if (missing.length === 0) return ids.flatMap((id) => found.get(id) ?? [])
  for (const item of await second(missing)) found.set(idOf(item), item)
  return ids.flatMap((id) => found.get(id) ?? [])
}
