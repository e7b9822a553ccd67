const CYRILLIC =
  'а:a б:b в:v г:g д:d е:e ё:yo ж:zh з:z и:i й:y к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f ' +
  'х:kh ц:ts ч:ch ш:sh щ:shch ъ: ы:y ь: э:e ю:yu я:ya ' +
  'і:i ї:yi є:ye ґ:g ў:w ђ:dj ј:j љ:lj њ:nj ћ:c џ:dz ѓ:gj ќ:kj ѕ:dz ' +
  'ә:a ғ:g қ:k ң:n ө:o ұ:u ү:u һ:h'

const GREEK =
  'α:a β:v γ:g δ:d ε:e ζ:z η:i θ:th ι:i κ:k λ:l μ:m ν:n ξ:x ο:o π:p ρ:r σ:s ς:s τ:t υ:y φ:f ' +
  'χ:ch ψ:ps ω:o ά:a έ:e ή:i ί:i ό:o ύ:y ώ:o ϊ:i ϋ:y ΐ:i ΰ:y'

/** Pairs of Greek letters that are one sound, before their letters are read one by one. */
const GREEK_PAIRS: readonly (readonly [RegExp, string])[] = [
  [/ο[υύ]/g, 'ou'],
  [/([αε])[υύ](?=[αεηιουωβγδζλμνράέήίόύώ])/g, '$1v'],
  [/([αε])[υύ]/g, '$1f'],
  [/γγ/g, 'ng'],
  [/(?<!\p{L})μπ/gu, 'b'],
  [/(?<!\p{L})ντ/gu, 'd'],
  [/(?<!\p{L})γκ/gu, 'g'],
]

function table(rows: string): ReadonlyMap<string, string> {
  const pairs = rows.split(' ').map((row): [string, string] => {
    const [letter = '', latin = ''] = row.split(':')
    return [letter, latin]
  })
  return new Map(pairs)
}

const LATIN_OF = new Map([...table(CYRILLIC), ...table(GREEK)])

/**
 * Cyrillic and Greek in Latin letters, from lower-case NFC text; the rest stays as it is.
 * Cyrillic after BGN/PCGN 1947 (Russian) with the letters of its neighbours added, Greek after
 * ELOT 743, both without their diacritics: titles are written that way.
 */
export function romaniseLetters(text: string): string {
  const paired = GREEK_PAIRS.reduce((done, [pair, latin]) => done.replace(pair, latin), text)
  return Array.from(paired, (letter) => LATIN_OF.get(letter) ?? letter).join('')
}
