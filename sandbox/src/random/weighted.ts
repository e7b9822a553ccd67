import type { Random } from './random.ts'

/** Draws items again and again, each as often as its weight says. */
export interface WeightedDraw<T> {
  draw(random: Random): T | undefined
}

/** Weights below or equal to zero are never drawn; an empty or weightless list draws undefined. */
export function weightedDraw<T>(
  items: readonly T[],
  weightOf: (item: T) => number,
): WeightedDraw<T> {
  const cumulative = new Float64Array(items.length)
  let total = 0
  items.forEach((item, index) => {
    total += Math.max(0, weightOf(item))
    cumulative[index] = total
  })
  return {
    draw(random) {
      if (total === 0) return undefined
      const target = random() * total
      let low = 0
      let high = items.length - 1
      while (low < high) {
        const middle = (low + high) >> 1
        if ((cumulative[middle] ?? 0) > target) high = middle
        else low = middle + 1
      }
      return items[low]
    },
  }
}

/**
 * A weighted sample without replacement: the `count` greatest of u^(1/w)
 * (Efraimidis and Spirakis 2006, "Weighted random sampling with a reservoir"), best first.
 */
export function weightedSample<T>(
  random: Random,
  items: readonly T[],
  count: number,
  weightOf: (item: T) => number,
): T[] {
  return items
    .map((item) => ({ item, weight: weightOf(item), u: random() }))
    .filter(({ weight }) => weight > 0)
    .map(({ item, weight, u }) => ({ item, key: Math.log(u) / weight }))
    .sort((a, b) => b.key - a.key)
    .slice(0, count)
    .map(({ item }) => item)
}
