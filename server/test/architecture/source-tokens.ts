export interface Token {
  /** `template` is one stretch of a template literal, between its expressions. */
  kind: 'word' | 'string' | 'template' | 'regex' | 'punctuation'
  /** As written; of strings, templates and comments without the quotes. */
  text: string
}

const SPACE_OR_COMMENT = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y
const STRING = /'((?:\\[\s\S]|[^'\\\n])*)'|"((?:\\[\s\S]|[^"\\\n])*)"/y
const WORD = /[\p{ID_Continue}$]+/uy
const REGEX = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y
/** Ends before the closing backtick or the next expression. */
const TEMPLATE = /((?:\\[\s\S]|\$(?!\{)|[^`\\$])*)(`|\$\{)/y

/** After these words a slash begins a regular expression; after any other it divides. */
const BEFORE_VALUE = new Set(['return', 'typeof', 'case', 'in', 'of', 'await', 'yield', 'void'])

/** Whether a slash that follows the token divides. */
function endsValue(token: Token | undefined): boolean {
  if (token === undefined) return false
  if (token.kind === 'punctuation') return /[)\]}]/.test(token.text)
  return token.kind !== 'word' || !BEFORE_VALUE.has(token.text)
}

/** Splits TypeScript into tokens, without comments: just well enough to find statements in it. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  /** What each open brace began: a block, or an expression within a template. */
  const braces: ('block' | 'template')[] = []
  let at = 0

  function match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found !== null) at = pattern.lastIndex
    return found
  }

  function template(): void {
    const found = match(TEMPLATE)
    tokens.push({ kind: 'template', text: found?.[1] ?? '' })
    if (found?.[2] === '${') braces.push('template')
  }

  function punctuation(): void {
    const mark = text[at] ?? ''
    at += 1
    if (mark === '`') template()
    else if (mark === '}' && braces.pop() === 'template') template()
    else {
      if (mark === '{') braces.push('block')
      tokens.push({ kind: 'punctuation', text: mark })
    }
  }

  function literal(): Token | undefined {
    const string = match(STRING)
    if (string !== null) return { kind: 'string', text: string[1] ?? string[2] ?? '' }
    const word = match(WORD)
    if (word !== null) return { kind: 'word', text: word[0] }
    const regex = endsValue(tokens.at(-1)) ? null : match(REGEX)
    return regex === null ? undefined : { kind: 'regex', text: regex[0] }
  }

  for (;;) {
    match(SPACE_OR_COMMENT)
    if (at >= text.length) return tokens
    const token = literal()
    if (token === undefined) punctuation()
    else tokens.push(token)
  }
}
