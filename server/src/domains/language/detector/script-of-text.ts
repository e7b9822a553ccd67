import { SCRIPT_RANGES, type Script } from './script-ranges.ts'

/** Fewer letters than this of a foreign script are decoration, unless they are all there is. */
const DECORATION_LETTERS = 2

/** A possessive particle that Chinese titles borrow as a flourish: it does not make them Japanese. */
const BORROWED_KANA = 'の'

function scriptOfCodePoint(codePoint: number): Script | undefined {
  for (const [from, to, script] of SCRIPT_RANGES) {
    if (codePoint < from) return undefined
    if (codePoint <= to) return script
  }
  return undefined
}

/** How many letters of each script a text has. */
function countScripts(text: string): Map<Script, number> {
  const counts = new Map<Script, number>()
  for (const character of text) {
    if (character === BORROWED_KANA) continue
    const script = scriptOfCodePoint(character.codePointAt(0) ?? 0)
    if (script !== undefined) counts.set(script, (counts.get(script) ?? 0) + 1)
  }
  return counts
}

/**
 * The script that says most about a text's language; undefined for a text without letters.
 * Any kana makes a text Japanese however many Han characters surround it, and a title with its
 * translation in brackets, as in `여수 밤바다 (Yeosu Night Sea)`, counts by its native part.
 */
export function tellingScript(text: string): Script | undefined {
  const counts = countScripts(text)
  if ((counts.get('kana') ?? 0) > 0 && !counts.has('hangul')) return 'kana'
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  let best: Script | undefined
  let bestCount = 0
  for (const [script, count] of counts) {
    const decorative = count < DECORATION_LETTERS && count * 2 < total
    if (script === 'latin' || decorative) continue
    if (count > bestCount) [best, bestCount] = [script, count]
  }
  return best ?? (counts.has('latin') ? 'latin' : undefined)
}
