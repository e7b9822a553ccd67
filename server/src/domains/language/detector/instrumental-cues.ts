import { titleNotes } from './clean-title.ts'
import { createPlayerFinder, performersIn } from './instrumental-performers.ts'

/** BCP 47's tag of what has no linguistic content. */
export const INSTRUMENTAL = 'zxx'

/** What suggests that nobody sings on a track. */
export interface InstrumentalCue {
  source: 'title' | 'artist' | 'album' | 'genre'
  /** The words that were found. */
  value: string
  /** Log-odds that it adds. */
  nats: number
}

/**
 * Shares of instrumentals among the tracks that people listen to: of those without a cue, and
 * below of those with each. Estimates from general knowledge of recorded music: labelled lists of
 * songs, which hold next to none, cannot tell.
 */
const UNCUED_SHARE = 0.02

type Pattern = readonly [words: RegExp, share: number]

/** Whole words: `\b` takes the é of étude for none. */
const words = (alternatives: string) =>
  new RegExp(String.raw`(?<!\p{L})(?:${alternatives})(?!\p{L})`, 'iu')

/** In notes such as `(Instrumental)`. */
const NOTES: readonly Pattern[] = [
  [words('instrumental|karaoke|off[ -]vocal|backing track|inst\\.'), 0.95],
  [/伴奏|純音樂|纯音乐/u, 0.95],
]
/** Works, movements, keys: `Nocturne No. 2 in E-flat major, Op. 9`; the surest first. */
const TITLES: readonly Pattern[] = [
  [words(String.raw`op\.\s?\d+|bwv\s?\d+|in [a-g](?:[- ](?:flat|sharp))? (?:major|minor)`), 0.85],
  [words('sonat[ae]|nocturnes?|[eé]tude|gymnop[eé]die|symphon(?:y|ie) no|suite no'), 0.8],
  [words('allegro|adagio|andante|scherzo|main (?:title|theme)s?|love theme'), 0.6],
  [words('theme|overture|interlude|pr[eé]lude|concerto|rondo|suite|waltz|variations'), 0.3],
  [words(String.raw`pt\.? ?(?:\d+|[ivx]+)`), 0.25],
]
const ALBUMS: readonly Pattern[] = [
  [words('original (?:motion picture )?score|piano (?:works|solos?)|instrumentals?'), 0.6],
  [words('original .*soundtrack|music from the .*(?:film|picture|series|game)'), 0.2],
]
const GENRES: readonly Pattern[] = [
  [/instrumental|solo piano|classical (?:era|piano)|orchestral|film score/iu, 0.8],
  [/(?:modern|neo-?) ?classical|baroque|romantic era|hard bop|bebop|(?:modal|cool) jazz/iu, 0.75],
  [/\bclassical\b|\bguitar|post-rock|new age|jazz-funk|ambient|\bidm\b/iu, 0.5],
  [/soundtrack|\bscore\b|\bjazz\b|downtempo/iu, 0.2],
  [/electronic|trance|techno/iu, 0.1],
]
/** Styles that are a matter of singing: beside one of these no other genre tells anything. */
const SUNG_GENRES =
  /pop\b|\brap\b|hip hop|r&b|\bvocal|opera|choral|chorus|\bmusical|duet|christian|gospel|carol|kids|singer|schlager|chanson|bollywood|filmi/iu
/** Performers who are known to play rather than sing, and who alone or with an ensemble perform. */
const PLAYERS_SHARE = 0.75
const ENSEMBLE =
  /\b(?:orchest(?:ra|er|re)|orquesta sinf|filarm|philharmoni|symphony|chamber|quartet|trio|big band)/iu
const ENSEMBLE_SHARE = 0.2

const logit = (share: number) => Math.log(share / (1 - share))
const natsOf = (share: number) => logit(share) - logit(UNCUED_SHARE)

function strongest(
  source: InstrumentalCue['source'],
  texts: readonly string[],
  patterns: readonly Pattern[],
): InstrumentalCue[] {
  for (const [pattern, share] of patterns) {
    for (const text of texts) {
      const value = pattern.exec(text)?.[0]
      if (value !== undefined) return [{ source, value, nats: natsOf(share) }]
    }
  }
  return []
}

/** What is looked at; any text may be empty. */
interface Texts {
  title: string
  /** All performers, as one text. */
  performers: string
  album: string
  genres: readonly string[]
}

/**
 * Prepares the names of players; the function returned finds a track's cues, of each kind the
 * strongest: what one title, one album or one genre says twice is no more likely.
 */
export function createInstrumentalCueFinder(): (texts: Texts) => InstrumentalCue[] {
  const isPlayer = createPlayerFinder()
  function cuesOfPerformers(performers: string): InstrumentalCue[] {
    const names = performersIn(performers)
    // Whoever else performs may be the singer.
    const play =
      names.some(isPlayer) && names.every((name) => isPlayer(name) || ENSEMBLE.test(name))
    return play
      ? [{ source: 'artist', value: performers, nats: natsOf(PLAYERS_SHARE) }]
      : strongest('artist', names, [[ENSEMBLE, ENSEMBLE_SHARE]])
  }
  return ({ title, performers, album, genres }) => {
    const noted = strongest('title', titleNotes(title), NOTES)
    const isSungStyle = genres.some((genre) => SUNG_GENRES.test(genre))
    return [
      ...(noted.length > 0 ? noted : strongest('title', [title], TITLES)),
      ...cuesOfPerformers(performers),
      ...strongest('album', [album], ALBUMS),
      ...(isSungStyle ? [] : strongest('genre', genres, GENRES)),
    ]
  }
}

/** Probability, 0 to 1, that nobody sings, whatever language the other signals speak of. */
export function instrumentalProbability(cues: readonly InstrumentalCue[]): number {
  const nats = cues.reduce((sum, cue) => sum + cue.nats, logit(UNCUED_SHARE))
  return 1 / (1 + Math.exp(-nats))
}
