import { isTest, type SourceFile } from './source-files.ts'
import { type Token, tokensOf } from './source-tokens.ts'

/** Rules of who may touch which tables. Each gives one sentence for what is against it. */

/** Tables by the domain that owns them, which the migration's name tells: `NNNN_domain_what.sql`. */
export type Ownership = ReadonlyMap<string, ReadonlySet<string>>

export function tablesByDomain(migrations: readonly SourceFile[]): Ownership {
  const owned = new Map<string, Set<string>>()
  for (const { path, text } of migrations) {
    const domain = /\d+_([a-z]+)_[^/]*\.sql$/.exec(path)?.[1]
    // The platform's own tables are no domain's.
    if (domain === undefined || domain === 'platform') continue
    const made = text.matchAll(/create\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?(\w+)/gi)
    const tables = Array.from(made, ([, table = '']) => table)
    owned.set(domain, new Set([...(owned.get(domain) ?? []), ...tables]))
  }
  return owned
}

const domainOf = ({ path }: SourceFile): string | undefined =>
  /^server\/src\/domains\/([^/]+)\//.exec(path)?.[1]

const inDomains = (files: readonly SourceFile[]): SourceFile[] =>
  files.filter((file) => !isTest(file) && domainOf(file) !== undefined)

/** Of `public.track as t` and of `"track"`: `track`. */
const tableName = (text: string): string =>
  /^(?:"?\w+"?\.)?"?(\w+)"?(?![\w.])/.exec(text)?.[1] ?? ''

/** Kysely's methods whose first argument is a table or several of them. */
const BUILDER = /^(?:\w*From|from|\w*Into|into|\w*Table|table|\w+Join(?:Lateral)?|using)$/
/** Kysely's functions that take SQL as it is. */
const RAW = /^(?:raw|query)$/
/** What names tables in SQL: a list of them, each with an alias or without. */
const SQL_TABLES =
  /\b(?:from|join|into|update|using|table|only|truncate)\s+((?:[\w."]+(?:\s+(?:as\s+)?\w+)?\s*,\s*)*[\w."]+)/gi

const tablesInSql = (text: string): string[] =>
  Array.from(text.matchAll(SQL_TABLES), ([, list = '']) => list.split(',')).flatMap((list) =>
    list.map((item) => tableName(item.trim())),
  )

/** The texts of a call's first argument: a string, or an array of them. */
function firstArgument(tokens: readonly Token[], open: number): string[] {
  const texts: string[] = []
  for (const token of tokens.slice(open + 1)) {
    if (token.kind === 'string' || token.kind === 'template') texts.push(token.text)
    else if (token.text !== '[' && token.text !== ',') break
    if (tokens[open + 1]?.text !== '[') break
  }
  return texts
}

/** The tables that a file's calls of Kysely and its SQL name. */
export function tablesNamedIn(text: string): Set<string> {
  const tokens = tokensOf(text)
  const names = tokens.flatMap((token, index) => {
    if (token.kind === 'template') return tablesInSql(token.text)
    if (token.kind !== 'word' || tokens[index + 1]?.text !== '(') return []
    if (RAW.test(token.text)) return firstArgument(tokens, index + 1).flatMap(tablesInSql)
    return BUILDER.test(token.text) ? firstArgument(tokens, index + 1).map(tableName) : []
  })
  return new Set(names)
}

export function foreignTables(files: readonly SourceFile[], ownership: Ownership): string[] {
  return inDomains(files).flatMap((file) => {
    const named = tablesNamedIn(file.text)
    return [...ownership]
      .filter(([owner]) => owner !== domainOf(file))
      .flatMap(([owner, tables]) =>
        [...tables]
          .filter((table) => named.has(table))
          .map((table) => `${file.path} touches ${table} of ${owner}`),
      )
  })
}

const TYPED = /\b(?:Kysely|Transaction)<((?:[^<>]|<[^<>]*>)*)>/g
const FOREIGN_TYPE = /import\s+(?:type\s+)?\{[^{}]*\b\w*Tables\b[^{}]*\}\s*from\s*['"]#domains\//

/** Stores must be typed with their own tables, so that the compiler refuses any other. */
export function looseStores(files: readonly SourceFile[]): string[] {
  return inDomains(files).flatMap(({ path, text }) => [
    ...Array.from(text.matchAll(TYPED), ([, tables = '']) => tables)
      .filter((tables) => !/Tables\b/.test(tables) || /\b(?:any|unknown)\b/.test(tables))
      .map((tables) => `${path} opens the database as ${tables}`),
    ...(FOREIGN_TYPE.test(text) ? [`${path} takes another domain’s tables`] : []),
  ])
}

/** A domain's face opens with what the domain does and every table that it owns. */
export function silentFaces(files: readonly SourceFile[], ownership: Ownership): string[] {
  const faces = inDomains(files).filter(({ path }) => /^(?:[^/]+\/){4}index\.ts$/.test(path))
  return faces.flatMap((face) => {
    const opening = /^\/\*\*[\s\S]{20,}?\*\//.exec(face.text)?.[0] ?? ''
    if (!/\bowns\b/i.test(opening)) return [`${face.path} does not say what it owns`]
    return [...(ownership.get(domainOf(face) ?? '') ?? [])]
      .filter((table) => !opening.includes(`\`${table}\``))
      .map((table) => `${face.path} does not name ${table}`)
  })
}
