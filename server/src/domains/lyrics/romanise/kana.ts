const SYLLABLES =
  'あa いi うu えe おo かka きki くku けke こko がga ぎgi ぐgu げge ごgo さsa しshi すsu せse そso ' +
  'ざza じji ずzu ぜze ぞzo たta ちchi つtsu てte とto だda ぢji づzu でde どdo なna にni ぬnu ねne のno ' +
  'はha ひhi ふfu へhe ほho ばba びbi ぶbu べbe ぼbo ぱpa ぴpi ぷpu ぺpe ぽpo まma みmi むmu めme もmo ' +
  'やya ゆyu よyo らra りri るru れre ろro わwa ゐi ゑe をo んn ゔvu'
const SMALL = 'ぁa ぃi ぅu ぇe ぉo ゃya ゅyu ょyo ゎwa'

const LONG_VOWEL = 'ー'
const DOUBLED = 'っ'
/** Katakana lie this far above the hiragana of the same sound, in the same order. */
const KATAKANA_OFFSET = 0x60

function table(rows: string): ReadonlyMap<string, string> {
  return new Map(rows.split(' ').map((row) => [row.slice(0, 1), row.slice(1)]))
}

const FULL_KANA = table(SYLLABLES)
const SMALL_KANA = table(SMALL)

const hiraganaOf = (character: string) =>
  character >= 'ァ' && character <= 'ヴ'
    ? String.fromCharCode(character.charCodeAt(0) - KATAKANA_OFFSET)
    : character

/** A small kana takes over the vowel of the syllable before it: shi + ya = sha, te + i = ti. */
function contracted(before: string, small: string): string {
  if (before === '') return small
  if (before === 'u') return small.startsWith('y') ? `u${small}` : `w${small}`
  const stem = before.slice(0, -1)
  const swallowsGlide = /(?:sh|ch|j)$/.test(stem)
  return stem + (swallowsGlide ? small.replace(/^y/, '') : small)
}

/**
 * Kana in Latin letters by modified Hepburn, from NFKC text; the rest, kanji too, stays as it is.
 * Long vowels are written as in kana (`ou`) or, for ー, not at all: `schemeless` evens them out.
 */
export function romaniseKana(text: string): string {
  const syllables: string[] = []
  let double = false
  for (const character of Array.from(text, hiraganaOf)) {
    const small = SMALL_KANA.get(character)
    if (small !== undefined) {
      syllables.push(contracted(syllables.pop() ?? '', small))
      continue
    }
    if (character === DOUBLED) double = true
    if (character === DOUBLED || character === LONG_VOWEL) continue
    const syllable = FULL_KANA.get(character) ?? character
    syllables.push(double && /^[a-z]/.test(syllable) ? doubled(syllable) : syllable)
    double = false
  }
  return syllables.join('')
}

const doubled = (syllable: string) =>
  (syllable.startsWith('ch') ? 't' : syllable.slice(0, 1)) + syllable
