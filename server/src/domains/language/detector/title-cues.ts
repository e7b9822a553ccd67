import { titleNotes } from './clean-title.ts'

/** A phrase that names the language outright, or the language of the one who wrote the note. */
export interface Cue {
  tag: string
  /** The words that were found. */
  phrase: string
  /** Support in nats. */
  strength: number
}

/** `(Spanish Version)` settles it; `(En Vivo)` tells the language of the label's staff. */
const NAMES_THE_LANGUAGE = 7
const WRITTEN_IN_IT = 2.5

const VERSION = String.raw`(?:\s+(?:language\s+)?(?:version|ver\b|remix|mix|edit|lyrics|vocals?))`

const LANGUAGE_NAMES: Readonly<Record<string, string>> = {
  en: 'english|inglés|inglês|anglaise|englische?',
  es: 'spanish|espanol|español|espagnole?|spagnol[oa]|castellano|spanglish',
  fr: 'french|français|francais|française|francés|francese|französische?',
  de: 'german|deutsche?|allemande?|alemán',
  it: 'italian|italian[oa]|italienne|italienische?',
  pt: 'portuguese|português|portugues|brazilian',
  ja: 'japanese|japan|jp',
  ko: 'korean|korea|kor',
  zh: 'chinese|mandarin|國語|国语',
  yue: 'cantonese|粵語|粤语',
  nan: 'taiwanese|hokkien|台語|臺語',
  th: 'thai',
  hi: 'hindi',
  ta: 'tamil',
  te: 'telugu',
  pa: 'punjabi',
  ml: 'malayalam',
  kn: 'kannada',
  ar: 'arabic|arabe|egyptian|égyptienne',
  he: 'hebrew',
  ru: 'russian',
  uk: 'ukrainian',
  tr: 'turkish',
  el: 'greek',
  nl: 'dutch|nederlands(?:e|talige)?',
  sv: 'swedish|svenska?',
  fi: 'finnish',
  pl: 'polish',
  ca: 'catalan|català',
  vi: 'vietnamese',
  id: 'indonesian?',
  no: 'norwegian|norsk',
  da: 'danish|dansk',
  cs: 'czech|česká',
  hu: 'hungarian|magyar',
  ro: 'romanian|română',
  bg: 'bulgarian',
  hr: 'croatian|hrvatska',
  sr: 'serbian',
  fa: 'persian|farsi',
  bn: 'bengali',
  tl: 'tagalog|filipino',
}

type Pattern = readonly [phrase: RegExp, tag: string, strength: number]

const LABEL_NOTES: readonly Pattern[] = [
  [/\b(?:en (?:vivo|directo)|remasterizad[oa]|banda sonora)\b/iu, 'es', WRITTEN_IN_IT],
  [/\bversión\b/iu, 'es', WRITTEN_IN_IT],
  [/\b(?:ao vivo|versão|participação)\b/iu, 'pt', WRITTEN_IN_IT + 1],
  [/\b(?:en (?:concert|public)|remasterisé)/iu, 'fr', WRITTEN_IN_IT],
  [/\b(?:dal vivo|versione|colonna sonora)\b/iu, 'it', WRITTEN_IN_IT],
]

function matches(text: string, patterns: readonly Pattern[]): Cue[] {
  return patterns.flatMap(([pattern, tag, strength]) => {
    const phrase = pattern.exec(text)?.[0]
    return phrase === undefined ? [] : [{ tag, phrase, strength }]
  })
}

function languageNamePatterns(): Pattern[] {
  return Object.entries(LANGUAGE_NAMES).map(([tag, names]) => [
    new RegExp(
      String.raw`(?<![\p{L}])(?:(?:${names})${VERSION}|(?:en|in|em|auf|versi[óo]n|versão|version)\s+(?:${names})(?![\p{L}]))|^[([（【]\s*(?:${names})\s*[)\]）】]$`,
      'iu',
    ),
    tag,
    NAMES_THE_LANGUAGE,
  ])
}

/** Compiles the phrases once; the function returned finds those of a title. */
export function createCueFinder(): (title: string) => Cue[] {
  const names = languageNamePatterns()
  // `(Versión en Francés)` is written in Spanish, but says something better.
  const cuesOfNote = (note: string) => {
    const named = matches(note, names)
    return named.length > 0 ? named : matches(note, LABEL_NOTES)
  }
  return (title) => titleNotes(title).flatMap(cuesOfNote)
}
