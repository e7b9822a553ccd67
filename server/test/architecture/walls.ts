import { posix } from 'node:path'
import { importsOf, type ModuleImport } from './module-imports.ts'
import type { SourceFile } from './source-files.ts'

/**
 * Who may import whom. A row names only rows above it, so a cycle cannot be written.
 * What a domain needs from one that stands below it, it declares as a port.
 */
export const DOMAINS: Readonly<Record<string, readonly string[]>> = {
  identity: [],
  profile: ['identity'],
  music: ['identity'],
  lyrics: [],
  language: ['music', 'lyrics'],
  recommendations: ['profile', 'music', 'language'],
  analytics: ['profile'],
}

/** The table of the n-gram detector lies in a package that exports no path to it. */
const MAY_COMPUTE_IMPORTS = new Set(['server/src/domains/language/detector/ngram-scores.ts'])

interface Place {
  layer: 'platform' | 'domains' | 'providers' | 'apps' | 'bench' | 'compose' | 'main'
  /** Folder within the layer: `identity`, `cache`, `spotify`. */
  module: string
}

/** Where a path below `server/src` stands; undefined elsewhere. */
function placeOf(path: string): Place | undefined {
  const [layer = '', module = ''] = path.replace(/^server\/src\//, '').split('/')
  switch (layer) {
    case 'platform':
    case 'domains':
    case 'providers':
    case 'apps':
    case 'bench':
      return { layer, module }
    case 'compose':
      return { layer: 'compose', module: '' }
    case 'main.ts':
      return { layer: 'main', module: '' }
    default:
      return undefined
  }
}

/** Resolves a specifier to a path in the repository; undefined for packages. */
function targetOf(file: SourceFile, specifier: string): string | undefined {
  const alias = /^#(platform|domains|providers|compose|test)(?:\/(.*))?$/.exec(specifier)
  if (alias !== null) {
    const [, layer = '', rest] = alias
    if (layer === 'compose') return 'server/src/compose/index.ts'
    if (layer === 'test') return 'server/test/support/index.ts'
    return rest === undefined
      ? `server/src/${layer}/index.ts`
      : `server/src/${layer}/${rest}/index.ts`
  }
  return specifier.startsWith('.') ? posix.join(posix.dirname(file.path), specifier) : undefined
}

function mayImport(from: Place, to: Place, typeOnly: boolean): boolean {
  switch (from.layer) {
    case 'main':
      return to.layer === 'apps'
    case 'compose':
      return to.layer !== 'apps' && to.layer !== 'main'
    case 'apps':
      return to.layer === 'compose' || to.layer === 'platform' || to.layer === 'apps'
    case 'bench':
      return to.layer !== 'apps' && to.layer !== 'main' && to.layer !== 'providers'
    case 'providers':
      if (from.module === 'index.ts') return to.layer === 'providers'
      return to.layer === 'platform' || (to.layer === 'domains' && typeOnly)
    case 'domains':
      if (to.layer === 'domains') return DOMAINS[from.module]?.includes(to.module) ?? false
      return to.layer === 'platform'
    case 'platform':
      return to.layer === 'platform'
  }
}

/** Whether a specifier names a module's inside: by its path, or by an alias that goes on below it. */
const isPastFace = (specifier: string, to: Place): boolean =>
  (to.layer === 'domains' || to.layer === 'platform') &&
  (specifier.startsWith('.') || specifier.split('/').length > 2)

function complaintOf(
  file: SourceFile,
  from: Place,
  { specifier, typeOnly }: ModuleImport,
): string | undefined {
  if (specifier === '') return MAY_COMPUTE_IMPORTS.has(file.path) ? undefined : 'hides an import'
  const target = targetOf(file, specifier)
  if (target === undefined) return undefined
  const to = placeOf(target)
  if (to === undefined) return `reaches outside src: ${specifier}`
  if (to.layer === from.layer && to.module === from.module) return undefined
  if (!mayImport(from, to, typeOnly)) return `may not import ${specifier}`
  return isPastFace(specifier, to) ? `goes past a public face: ${specifier}` : undefined
}

/** What a file's imports do against the rules: one sentence each. */
export function violationsOf(file: SourceFile): string[] {
  const from = placeOf(file.path)
  if (from === undefined) return []
  return importsOf(file.text)
    .map((each) => complaintOf(file, from, each))
    .filter((complaint) => complaint !== undefined)
    .map((complaint) => `${file.path} ${complaint}`)
}
