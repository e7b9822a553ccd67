/** ISO 3901: 2 letters, 3 registrant characters, 2 digits of year, 5 digits; hyphens optional. */
const ISRC = /^([A-Z]{2})-?([A-Z0-9]{3})-?(\d{2})-?(\d{5})$/

/**
 * Prefixes that the International ISRC Agency gave out beyond a country's own code
 * (ISRC Handbook, 4th edition, "Allocated prefix codes"). `ZZ` stands for no country:
 * distributors that serve the whole world register under these.
 */
const EXTRA_PREFIXES: Readonly<Record<string, string>> = {
  QM: 'US',
  QT: 'US',
  QZ: 'US',
  UK: 'GB',
  GX: 'GB',
  FX: 'FR',
  CB: 'CA',
  BC: 'BR',
  BK: 'BR',
  BP: 'BR',
  BX: 'BR',
  KS: 'KR',
  TC: 'ZZ',
  DG: 'ZZ',
  CP: 'ZZ',
}

/** Distributors that anyone in the world may use: their country says little. */
const AGGREGATOR_PREFIXES: ReadonlySet<string> = new Set(['QM', 'QT', 'QZ', 'TC', 'DG', 'CP'])

export interface Registrant {
  /** ISO 3166-1 alpha-2, or a former country's code; `ZZ` when the prefix names none. */
  country: string
  /** Whether the prefix belongs to distributors with clients everywhere. */
  aggregator: boolean
}

/** Who registered a recording, from its ISRC; undefined when that is absent or malformed. */
export function registrantOf(isrc: string | null): Registrant | undefined {
  const prefix = ISRC.exec(isrc?.trim().toUpperCase() ?? '')?.[1]
  if (prefix === undefined) return undefined
  return {
    country: EXTRA_PREFIXES[prefix] ?? prefix,
    aggregator: AGGREGATOR_PREFIXES.has(prefix),
  }
}
