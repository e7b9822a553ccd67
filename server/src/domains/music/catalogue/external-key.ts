import { createHash } from 'node:crypto'
import type { Namespace } from './catalogue.tables.ts'

/** How somebody else names an artist or a track. */
export interface ExternalKey {
  namespace: Namespace
  value: string
}

/**
 * Best evidence first: an ISRC names the recording itself, a service's id one release of it. An
 * MBID comes last, since imports attach it by matching names.
 */
const PRIORITY: readonly Namespace[] = ['isrc', 'spotify', 'youtube', 'mbid', 'name']

export const keyText = ({ namespace, value }: ExternalKey) => `${namespace}:${value}`

export function byPriority(a: ExternalKey, b: ExternalKey): number {
  return PRIORITY.indexOf(a.namespace) - PRIORITY.indexOf(b.namespace)
}

/** ISO 3901: country, registrant, year, designation; hyphens are for people only. */
const ISRC = /^[A-Z]{2}[A-Z0-9]{3}\d{7}$/

/** The ISRC in its storage form, or null when the text is none. */
export function isrcOf(text: string | null | undefined): string | null {
  const compact = (text ?? '').replaceAll(/[-\s]/g, '').toUpperCase()
  return ISRC.test(compact) ? compact : null
}

const fold = (text: string) => text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim()

/** The key of last resort: a digest, so that names of any length fit an index. */
export function nameKey(...parts: string[]): ExternalKey {
  const folded = parts.map(fold).join('\u001F')
  return { namespace: 'name', value: createHash('sha256').update(folded).digest('base64url') }
}
