/** Tags that ECMA-402 does not read although BCP 47 has them, with what they stand for. */
const GRANDFATHERED: ReadonlyMap<string, string> = new Map([
  ['no-bok', 'nb'],
  ['no-nyn', 'nn'],
  ['zh-min-nan', 'nan'],
])

/**
 * An extended language subtag behind the only prefixes that the IANA registry gives it: `zh-yue`.
 * It is a language of its own, and the canonical form begins with it (RFC 5646, 4.5).
 */
const EXTENDED_LANGUAGE = /^(?:ar|kok|lv|ms|sgn|sw|uz|zh)-(?!min\b)([a-z]{3})(?=-|$)/i

/** Of three letters and no language: undetermined, several, uncoded, and private use. */
const NO_LANGUAGE = /^(?:und|mul|mis|q[a-t][a-z])$/

const subtagOf = (tag: string) => tag.split('-', 1)[0] ?? tag

/** Known to the Unicode data by a name or by the script it is written in. */
function isLanguage(locale: Intl.Locale, subtag: string): boolean {
  // Longer ones are reserved, and what is written there is a word: `spanish`.
  if (subtag.length > 3 || NO_LANGUAGE.test(subtag)) return false
  if (locale.maximize().script !== undefined) return true
  const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })
  return names.of(subtag) !== undefined
}

/**
 * A BCP 47 tag in its canonical spelling and without extensions: `spa-mx` gives `es-MX`, `cmn`
 * gives `zh`, `zh-yue` gives `yue`. `zxx`, music without words, is one too. Undefined for any other
 * text, and for tags that name no one language: `und`, `mul`, `mis`, private use.
 */
export function canonicalTag(text: string): string | undefined {
  const tag = GRANDFATHERED.get(text.toLowerCase()) ?? text.replace(EXTENDED_LANGUAGE, '$1')
  try {
    const locale = new Intl.Locale(tag)
    const { baseName } = locale
    return isLanguage(locale, subtagOf(baseName)) ? baseName : undefined
  } catch {
    return undefined
  }
}

/** Songs in the written standards of Norwegian are in one language. */
const FOLDED: ReadonlyMap<string, string> = new Map([
  ['nb', 'no'],
  ['nn', 'no'],
])

/**
 * The language alone of a tag, wherever it is spoken and however it is written: `es-MX` gives
 * `es`, `zh-Hant` gives `zh`, `nb` and `nn` give `no`. Undefined where `canonicalTag` is.
 */
export function primaryLanguage(text: string): string | undefined {
  const tag = canonicalTag(text)
  if (tag === undefined) return undefined
  const subtag = subtagOf(tag)
  return FOLDED.get(subtag) ?? subtag
}
