import { CALIBRATIONS, calibrated } from './calibration.ts'
import { INSTRUMENTAL } from './instrumental-cues.ts'
import { LANGUAGES } from './languages.ts'
import { type Posterior, posterior } from './posterior.ts'
import { createSignalReader, type Signals } from './signals.ts'
import type { Detection, Detector, Evidence, RankedLanguage, TrackMetadata } from './types.ts'

/** Raised whenever weights, tables or code change what is answered. */
const VERSION = 'metadata-2'

/**
 * Confidence from which a track may be recommended as being in a language. Of the songs of
 * songs.dev.csv that took no part in the fit (see `WEIGHTS`), few of which have an ISRC, 97 of 100
 * Spanish answers above it are right, 99 of 100 French and 99 of 100 Japanese ones; with ISRCs, as
 * on the demo's catalogue, all are. Higher would mainly lose right ones.
 */
export const RECOMMENDABLE_CONFIDENCE = 0.85

/** Below it the best guess is not told. Of the answers above, on the same songs, 9 in 10 are right. */
const ANSWER_CONFIDENCE = 0.6

const MAX_RANKED = 5
/** A second language less likely than this is no second language. */
const SECOND_LANGUAGE_CONFIDENCE = 0.25
/** Evidence that moved nothing by this many nats is not worth reading. */
const NOTABLE_NATS = 0.05

const NOTHING: Detection = { ranked: [], unknown: true, languages: [], evidence: [] }

/** Without a letter in title or album and without a cue, only hearsay about the artist is left. */
function hasSomethingToRead({ fields, cues, instrumental }: Signals): boolean {
  const hasText = fields.title.script !== undefined || fields.album.script !== undefined
  const isNoted = instrumental.some(({ source }) => source === 'title' || source === 'album')
  return hasText || isNoted || cues.length > 0
}

/** The best languages with the best one's probability calibrated and the others scaled to fit. */
function rank({ sung, instrumental, best }: Posterior): RankedLanguage[] {
  const top = calibrated(best.probability, CALIBRATIONS[best.romanised ? 'romanised' : 'known'])
  const scale = best.probability < 1 ? (1 - top) / (1 - best.probability) : 0
  const confidenceIn = (position: number) =>
    position === best.position ? top : Math.min(top, (sung[position] ?? 0) * scale)
  const languages = LANGUAGES.map(({ tag }, position) => ({
    tag,
    confidence: (1 - instrumental) * confidenceIn(position),
  }))
  return [{ tag: INSTRUMENTAL, confidence: instrumental }, ...languages]
    .toSorted((a, b) => b.confidence - a.confidence)
    .slice(0, MAX_RANKED)
}

/** The best, and a second language if likely enough; an instrumental has none beside it. */
function answered(ranked: readonly RankedLanguage[]): RankedLanguage[] {
  const [best, ...others] = ranked
  if (best === undefined || best.confidence < ANSWER_CONFIDENCE) return []
  if (best.tag === INSTRUMENTAL) return [best]
  const isSecond = ({ tag, confidence }: RankedLanguage) =>
    tag !== INSTRUMENTAL && confidence >= SECOND_LANGUAGE_CONFIDENCE
  return [best, ...others.filter(isSecond)]
}

const rounded = (nats: number) => Math.round(nats * 100) / 100

/** What spoke for the best language against the next, and for or against an instrumental. */
function evidenceFor(
  { contributions, best, sung }: Posterior,
  { instrumental }: Signals,
  answer: string | undefined,
): Evidence[] {
  const others = sung.slice(0, LANGUAGES.length).fill(0, best.position, best.position + 1)
  const second = others.indexOf(Math.max(...others))
  const sign = answer === INSTRUMENTAL ? 1 : -1
  const cues = instrumental.map(({ source, value, nats }) => ({
    source,
    value,
    weight: rounded(sign * nats),
  }))
  const readings =
    answer === INSTRUMENTAL
      ? []
      : contributions.map(({ source, value, nats }) => ({
          source,
          value,
          weight: rounded((nats[best.position] ?? 0) - (nats[second] ?? 0)),
        }))
  return [...cues, ...readings]
    .filter(({ weight }) => Math.abs(weight) >= NOTABLE_NATS)
    .toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
}

/**
 * Loads the n-gram table (half a second, 50 MB) and returns the detector: a log-linear combination
 * of n-grams, script, registrant's country, genre, marker words and cues, calibrated so that a
 * confidence is the share of such answers that are right.
 */
export async function createDetector(): Promise<Detector> {
  const read = await createSignalReader()
  return {
    version: VERSION,
    detect(metadata: TrackMetadata): Detection {
      const signals = read(metadata)
      if (!hasSomethingToRead(signals)) return NOTHING
      const belief = posterior(signals)
      const ranked = rank(belief)
      const languages = answered(ranked)
      return {
        ranked,
        unknown: languages.length === 0,
        languages,
        evidence: evidenceFor(belief, signals, ranked[0]?.tag),
      }
    },
  }
}

/** Loads the detector when it is first asked for, once; a load that failed is tried again. */
export function detectorOnDemand(): () => Promise<Detector> {
  let loading: Promise<Detector> | undefined
  return () => {
    loading ??= createDetector().catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return loading
  }
}
