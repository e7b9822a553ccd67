import { type Token, tokensOf } from './source-tokens.ts'

export interface ModuleImport {
  specifier: string
  /**
   * True when the statement is erased before the program runs: `import type` or `export type`.
   * Inline `type` modifiers erase names, not the statement, so the module is loaded all the same.
   */
  typeOnly: boolean
}

const FROM = 'from'

/** Every import and re-export of a file, static and dynamic, one for each statement. */
export function importsOf(text: string): ModuleImport[] {
  const tokens = tokensOf(text)
  return tokens.flatMap(({ kind, text: word }, index) => {
    if (kind !== 'word' || tokens[index - 1]?.text === '.') return []
    if (word === 'import') return importAt(tokens, index + 1) ?? []
    if (word === 'export') return reExportAt(tokens, index + 1) ?? []
    return []
  })
}

/** What follows the word `import`: undefined for `import.meta` and for a name like any other. */
function importAt(tokens: readonly Token[], start: number): ModuleImport | undefined {
  const first = tokens[start]
  if (first?.kind === 'string') return { specifier: first.text, typeOnly: false }
  if (first?.text === '(') return dynamicImport(tokens[start + 1])
  const typeOnly = first?.text === 'type' && !/^(?:from|,)$/.test(tokens[start + 1]?.text ?? '')
  return sourceAfter(tokens, start, typeOnly)
}

function dynamicImport(argument: Token | undefined): ModuleImport {
  const isLiteral = argument?.kind === 'string' || argument?.kind === 'template'
  return { specifier: isLiteral ? argument.text : '', typeOnly: false }
}

function reExportAt(tokens: readonly Token[], start: number): ModuleImport | undefined {
  const typeOnly = tokens[start]?.text === 'type'
  const clause = tokens[typeOnly ? start + 1 : start]?.text
  return clause === '{' || clause === '*' ? sourceAfter(tokens, start, typeOnly) : undefined
}

/** The specifier after `from`; undefined when what is read is no clause of names. */
function sourceAfter(
  tokens: readonly Token[],
  start: number,
  typeOnly: boolean,
): ModuleImport | undefined {
  for (let index = start; index < tokens.length; index += 1) {
    const token = tokens[index]
    const next = tokens[index + 1]
    if (token?.text === FROM && next?.kind === 'string') return { specifier: next.text, typeOnly }
    if (token?.kind === 'punctuation' && !/[{},*]/.test(token.text)) return undefined
    if (token?.text === '}' && next?.text !== FROM) return undefined
    if (token?.text === 'import' || token?.text === 'export') return undefined
  }
  return undefined
}
