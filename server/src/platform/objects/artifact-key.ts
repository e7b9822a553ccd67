import { checkKey } from './object-key.ts'

/** What kinds of things are kept, each below a folder of its own. */
export type ArtifactArea = 'models' | 'datasets' | 'lake' | 'exports'

export interface ArtifactName {
  area: ArtifactArea
  /** `item-knn`: lower-case words. */
  name: string
  /** Semantic version of what made it. */
  version: string
  at: Date
  /** Hex, of the content. */
  sha256: string
  /** Without the leading dot: `bin`, `tar.gz`. */
  extension: string
}

const RULES = {
  name: /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
  version: /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/,
  sha256: /^[0-9a-f]{64}$/,
  extension: /^[a-z0-9]+(?:\.[a-z0-9]+)*$/,
} as const

const DIGEST_LETTERS = 12

/** `20261101T031500Z`: sorts by time, and needs no escaping anywhere. */
const compactUtc = (at: Date) => `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`

/**
 * `models/<name>/<semver>/<utc>-<sha256:12>.<ext>`: the same content of the same moment has the
 * same key, and no other content has it.
 * @throws RangeError when a part does not have its form.
 */
export function artifactKey(artifact: ArtifactName): string {
  for (const [part, rule] of Object.entries(RULES) as [keyof typeof RULES, RegExp][]) {
    if (!rule.test(artifact[part])) throw new RangeError(`not the ${part} of an artifact`)
  }
  const { area, name, version, at, sha256, extension } = artifact
  const file = `${compactUtc(at)}-${sha256.slice(0, DIGEST_LETTERS)}.${extension}`
  return checkKey(`${area}/${name}/${version}/${file}`)
}
