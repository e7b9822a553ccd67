import { posix } from 'node:path'
import { importsOf, type SourceFile } from './source-files.ts'

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
}

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
    case 'compose.ts':
      return { layer: 'compose', module: '' }
    case 'main.ts':
      return { layer: 'main', module: '' }
    default:
      return undefined
  }
}

/** Resolves a specifier to a path below `server/src`; undefined for packages. */
function targetOf(file: SourceFile, specifier: string): string | undefined {
  const alias = /^#(platform|domains|providers|compose)(?:\/(.*))?$/.exec(specifier)
  if (alias !== null) {
    const [, layer = '', rest] = alias
    if (layer === 'compose') return 'server/src/compose.ts'
    return rest === undefined
      ? `server/src/${layer}/index.ts`
      : `server/src/${layer}/${rest}/index.ts`
  }
  return specifier.startsWith('.') ? posix.join(posix.dirname(file.path), specifier) : undefined
}

function mayImport(from: Place, to: Place, typeOnly: boolean): boolean {
  if (from.layer === to.layer && from.module === to.module) return true
  switch (from.layer) {
    case 'main':
      return to.layer === 'apps'
    case 'compose':
      return to.layer !== 'apps' && to.layer !== 'main'
    case 'apps':
      return to.layer === 'compose' || to.layer === 'platform' || to.layer === 'apps'
    case 'bench':
      return to.layer === 'bench' || to.layer === 'domains' || to.layer === 'platform'
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

/** True when every import of this specifier in the file is `import type`. */
function isTypeOnly(file: SourceFile, specifier: string): boolean {
  const quoted = specifier.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  const statements = file.text.match(
    new RegExp(`(?:import|export)\\s[^;]*?from\\s*['"]${quoted}['"]`, 'g'),
  )
  return (statements ?? []).every((statement) => /(?:import|export)\s+type\s[^;]*$/.test(statement))
}

/** What a file's imports do against the rules: one sentence each. */
export function violationsOf(file: SourceFile): string[] {
  const from = placeOf(file.path)
  if (from === undefined) return []
  const found: string[] = []
  for (const specifier of importsOf(file)) {
    const target = targetOf(file, specifier)
    if (target === undefined) continue
    const to = placeOf(target)
    const crossing = to === undefined || to.layer !== from.layer || to.module !== from.module
    if (!crossing) continue
    if (to === undefined) found.push(`${file.path} reaches outside src: ${specifier}`)
    else if (!mayImport(from, to, isTypeOnly(file, specifier))) {
      found.push(`${file.path} may not import ${specifier}`)
    } else if (specifier.startsWith('.') && (to.layer === 'domains' || to.layer === 'platform')) {
      found.push(`${file.path} goes past a public face: ${specifier}`)
    }
  }
  return found
}
