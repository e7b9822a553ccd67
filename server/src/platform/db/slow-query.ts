/** A statement that took longer than it should. */
export interface SlowQuery {
  /** Normalised: no values, one line, at most 1000 characters. */
  statement: string
  durationMs: number
  failed: boolean
}

const MAX_LENGTH = 1_000
const COMMENTS = /--[^\n]*|\/\*[\s\S]*?\*\//g
const DOLLAR_QUOTED = /(\$[a-z_]*\$)[\s\S]*?\1/gi
const TEXTS = /\b[eEbBxX]?'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*'/g
/** Not the 4 of `int4`, nor the 1 of `$1`. */
const NUMBERS = /(?<![\w$.])\d+(?:\.\d+)?(?:e[+-]?\d+)?\b/gi
const SEVERAL = /\((?:\$\d+|\?)(?:::\w+)?(?:, ?(?:\$\d+|\?)(?:::\w+)?)+\)/g
const SINGLE = /\b(in|values) ?\((?:\$\d+|\?)(?:::\w+)?\)/gi
const SEVERAL_ROWS = /\(…\)(?:, ?\(…\))+/g

/**
 * What a statement is, without what it was about: values written into it become `?`, lists of
 * values `(…)`, whatever their length, so that two runs of one statement give one text.
 */
export function normalisedStatement(sql: string): string {
  const text = sql
    .replace(TEXTS, '?')
    .replace(DOLLAR_QUOTED, '?')
    .replace(COMMENTS, ' ')
    .replace(NUMBERS, '?')
    .replace(/\s+/g, ' ')
    .replace(SEVERAL, '(…)')
    .replace(SINGLE, '$1 (…)')
    .replace(SEVERAL_ROWS, '(…), …')
    .trim()
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH - 1)}…`
}
