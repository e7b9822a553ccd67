/** Sounds by their place in Unicode's syllable block, in Revised Romanization (South Korea, 2000). */
const INITIALS = 'g kk n d tt r m b pp s ss  j jj ch k t p h'.split(' ')
const VOWELS = 'a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i'.split(' ')
const FINALS = ' k k k n n n t l k m l l l p l m p p t t ng t t k t p t'.split(' ')
/** A final before a vowel is carried over and keeps its own sound. */
const CARRIED = ' g kk gs n nj n d r lg lm lb ls lt lp r m b bs s ss ng j ch k t p '.split(' ')

const FIRST_SYLLABLE = 0xac00
const LAST_SYLLABLE = 0xd7a3
const FINAL_COUNT = 28
const SYLLABLES_PER_INITIAL = VOWELS.length * FINAL_COUNT
const SILENT = INITIALS.indexOf('')

interface Syllable {
  initial: number
  vowel: number
  final: number
}

/** The Unicode Standard, section 3.12: a syllable's letters by arithmetic. */
function syllableOf(character: string | undefined): Syllable | undefined {
  const code = character?.codePointAt(0) ?? 0
  if (code < FIRST_SYLLABLE || code > LAST_SYLLABLE) return undefined
  const index = code - FIRST_SYLLABLE
  return {
    initial: Math.floor(index / SYLLABLES_PER_INITIAL),
    vowel: Math.floor((index % SYLLABLES_PER_INITIAL) / FINAL_COUNT),
    final: index % FINAL_COUNT,
  }
}

const NASAL = new Map([
  ['k', 'ng'],
  ['t', 'n'],
  ['p', 'm'],
])

/** A final and the initial after it, as they sound together. */
function joined(final: number, next: Syllable | undefined): string {
  const end = FINALS[final] ?? ''
  if (next === undefined) return end
  if (next.initial === SILENT) return CARRIED[final] ?? ''
  const start = INITIALS[next.initial] ?? ''
  if (start === 'r') return beforeR(end)
  if (start === 'n' && end === 'l') return 'll'
  return (start === 'n' || start === 'm' ? (NASAL.get(end) ?? end) : end) + start
}

function beforeR(end: string): string {
  if (end === '') return 'r'
  return end === 'l' || end === 'n' ? 'll' : `${NASAL.get(end) ?? end}n`
}

/** Hangul in Latin letters as it is pronounced, common sound changes included; the rest stays. */
export function romaniseHangul(text: string): string {
  const characters = Array.from(text)
  let latin = ''
  let initialDone = false
  characters.forEach((character, index) => {
    const syllable = syllableOf(character)
    if (syllable === undefined) {
      latin += character
      initialDone = false
      return
    }
    if (!initialDone) latin += INITIALS[syllable.initial] ?? ''
    latin += VOWELS[syllable.vowel] ?? ''
    const next = syllableOf(characters[index + 1])
    latin += joined(syllable.final, next)
    initialDone = next !== undefined
  })
  return latin
}
