import { titleNotes } from './clean-title.ts'
import type { TrackMetadata } from './types.ts'

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
const SUGGESTS = 1.5

const VERSION = String.raw`(?:\s+(?:language\s+)?(?:version|ver\b|remix|mix|edit|lyrics))`

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
}

type Pattern = readonly [phrase: RegExp, tag: string, strength: number]

const LABEL_NOTES: readonly Pattern[] = [
  [/\b(?:instrumental|karaoke|off[ -]vocal|backing track)\b|伴奏|純音樂|纯音乐/iu, 'zxx', 6],
  [/\b(?:en (?:vivo|directo)|remasterizad[oa]|banda sonora)\b/iu, 'es', WRITTEN_IN_IT],
  [/\bversión\b/iu, 'es', WRITTEN_IN_IT],
  [/\b(?:ao vivo|versão|participação)\b/iu, 'pt', WRITTEN_IN_IT + 1],
  [/\b(?:en (?:concert|public)|remasterisé)/iu, 'fr', WRITTEN_IN_IT],
  [/\b(?:dal vivo|versione|colonna sonora)\b/iu, 'it', WRITTEN_IN_IT],
]

/** Movements and keys: `Nocturne No. 2 in E-flat major, Op. 9`. Checked against whole titles. */
const CLASSICAL =
  /\b(?:sonat[ae]|nocturnes?|[eé]tudes?|pr[eé]ludes?|concerto|symphon(?:y|ie)|op\.\s?\d+|bwv\s?\d+|in [a-g](?:[- ](?:flat|sharp))? (?:major|minor)|allegro|adagio|andante|gymnop[eé]die|suite no|pt\.? ?(?:\d+|[ivx]+)$)/iu

const ENSEMBLES =
  /\b(?:orchest(?:ra|er|re)|orquesta sinf|filarm|philharmoni|symphony|chamber|string quartet|quartet|trio|big band|soundtrack orchestra|piano tribute)/iu
const SCORE = /\b(?:original (?:motion picture )?score|piano (?:works|solos?)|instrumentals?)\b/iu
const SOUNDTRACK =
  /\b(?:original (?:motion picture|game|television|series) soundtrack|music from the motion picture)\b/iu

/** What performers and album tell of an instrumental. */
function instrumentalCues({ album, artists }: Pick<TrackMetadata, 'album' | 'artists'>): Cue[] {
  return [
    ...matches(artists.join(', '), [[ENSEMBLES, 'zxx', SUGGESTS]]),
    ...matches(album ?? '', [
      [SCORE, 'zxx', WRITTEN_IN_IT],
      [SOUNDTRACK, 'zxx', SUGGESTS],
    ]),
  ]
}

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

/** Compiles the phrases once; the function returned finds those of a track. */
export function createCueFinder(): (
  track: Pick<TrackMetadata, 'title' | 'album' | 'artists'>,
) => Cue[] {
  const names = languageNamePatterns()
  // `(Versión en Francés)` is written in Spanish, but says something better.
  const cuesOfNote = (note: string) => {
    const named = matches(note, names)
    return named.length > 0 ? named : matches(note, LABEL_NOTES)
  }
  return (track) => [
    ...titleNotes(track.title).flatMap(cuesOfNote),
    ...matches(track.title, [[CLASSICAL, 'zxx', SUGGESTS]]),
    ...instrumentalCues(track),
  ]
}
