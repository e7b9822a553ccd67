/**
 * What a part of a title in brackets or after a dash says about the recording.
 * Marks matter to the words that are sung; a `note` ("Remastered 2011", "Live") does not.
 */
export type TitleMark =
  | 'cover'
  | 'document'
  | 'instrumental'
  | 'long'
  | 'remix'
  | 'reprise'
  | 'romanisation'
  | 'translation'
  | `language:${string}`
  | `part:${number}`

/** Names of languages as they stand in titles, without accents, by BCP 47 tag. */
const LANGUAGES: Readonly<Record<string, string>> = {
  en: 'english|ingles|inglesa|anglais|anglaise|englisch|inglese',
  es: 'spanish|espanol|espanola|castellano|espagnol|espagnole|spanisch|spagnolo|spagnola|espanhol',
  fr: 'french|francais|francaise|frances|francesa|franzosisch|francese',
  de: 'german|deutsch|deutsche|aleman|alemana|allemand|allemande|tedesco',
  it: 'italian|italiano|italiana|italien|italienne|italienisch',
  pt: 'portuguese|portugues|portuguesa|portugais|brazilian',
  ja: 'japanese|japones|japonesa|japonais|japonaise|japanisch|日本語|jp',
  ko: 'korean|coreano|coreana|coreen|coreenne|koreanisch|한국어|kr',
  zh: 'chinese|mandarin|chino|chinois|中文|国语|國語',
  yue: 'cantonese|粤语|粵語',
  ru: 'russian|ruso|rusa|russe|русская|на русском',
  ca: 'catalan|catala',
  eu: 'basque|euskera|euskaraz',
  ar: 'arabic|arabe',
  hi: 'hindi',
  ta: 'tamil',
  te: 'telugu',
  tr: 'turkish|turkce|turco',
}
const VERSION = '(?:version|versione|versao|ver|ver\\.|remix|edit|mix)'

const LANGUAGE_PATTERNS = Object.entries(LANGUAGES).map(([tag, names]): [string, RegExp] => [
  tag,
  new RegExp(
    `^(?:${names})(?: \\S+)? ${VERSION}$|^${VERSION} (?:(?:en|em|in|auf|на) )?(?:${names})$` +
      `|^(?:en |em |in |auf )?(?:${names})$|^(?:${names})(?:版| ?버전| ?ver\\.?)$`,
    'u',
  ),
])

const PATTERNS: readonly (readonly [TitleMark, RegExp])[] = [
  [
    'translation',
    /translations?\b|traduccion|traduction|ubersetzung|traduzion|traducao|ceviri|tlumaczeni|перевод|翻訳|翻译|翻譯|번역/,
  ],
  ['romanisation', /\bromani[sz](?:ed|ations?)\b|\bromaji\b|\btransliterat(?:ed|ion)\b/],
  [
    'document',
    /\btrack ?list\b|\balbum art\b|\bcover art\b|\bset ?list\b|\bscript\b|\bcredits\b|\bliner notes\b|\bbooklet\b|\binterview\b|\btranscript\b|\bdiscography\b/,
  ],
  ['instrumental', /\binstrumentals?\b|\bkaraoke\b|\bbacking track\b/],
  ['cover', /\bcover(?! art)\b|\boriginally performed by\b|\bin the style of\b|\btribute to\b/],
  ['remix', /\bremix(?:es)?\b|\brmx\b|\bmash ?up\b|\bbootleg\b|\brework(?:ed)?\b/],
  ['reprise', /\breprise\b/],
  ['long', /^\d+ minutes? version$|\b10 minute version\b/],
]

const ROMAN: Readonly<Record<string, number>> = { i: 1, ii: 2, iii: 3, iv: 4, v: 5, vi: 6 }
const PART = /\b(?:pt|part|parte|partie|teil|vol)\.? ?(\d{1,2}|iv|vi|v|i{1,3})\b/

/**
 * The marks of one part of a title.
 * @param part lower case, without accents.
 */
export function marksOf(part: string): TitleMark[] {
  const marks: TitleMark[] = PATTERNS.filter(([, pattern]) => pattern.test(part)).map(
    ([mark]) => mark,
  )
  // "(English Translation)" tells the language of the page, not of the song.
  if (marks.includes('translation')) return ['translation']
  const language = LANGUAGE_PATTERNS.find(([, pattern]) => pattern.test(part))
  if (language !== undefined) marks.push(`language:${language[0]}`)
  const number = partNumber(part)
  if (number !== undefined) marks.push(`part:${number}`)
  return marks
}

/** "Pt. 2", "Part II": which part of a song in several; may stand anywhere in a title. */
export function partNumber(text: string): number | undefined {
  const part = PART.exec(text)?.[1]
  return part === undefined ? undefined : (ROMAN[part] ?? Number(part))
}

export const PART_ANYWHERE = new RegExp(`[,:]?\\s*${PART.source}`, 'gi')
