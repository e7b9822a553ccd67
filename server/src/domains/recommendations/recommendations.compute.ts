import type { Clock } from '#platform/clock'
import {
  type Candidate,
  popularCandidates,
  rawCandidates,
  scoreCandidates,
} from './ranking/candidates.ts'
import { factsById } from './ranking/facts-by-id.ts'
import { type SungLanguage, surelySung } from './ranking/languages.ts'
import { pickDiverse } from './ranking/pick-diverse.ts'
import { noModel } from './recommendations.errors.ts'
import type { DetectedLanguages, Seed, TrackCatalogue } from './recommendations.ports.ts'
import { MAX_RECOMMENDATIONS, type RankedList } from './recommendations.schemas.ts'
import type { ServedModel } from './registry/model-loader.ts'

export interface ComputeDependencies {
  catalogue: TrackCatalogue
  language: DetectedLanguages
  /** A track's language must be at least this certain, 0-1. */
  minConfidence: number
  clock: Clock
}

export interface ComputeRequest {
  /** Primary subtag. */
  lang: string
  /** None to go by popularity alone. */
  seeds: readonly Seed[]
  model: ServedModel | undefined
}

/** Candidates whose language is looked up: enough for a full list after every filter. */
const POOL = 1000
/** Other tracks of the artists that the user listens to. */
const ARTIST_TRACKS = 500
const PER_ARTIST = 2

/** Makes a list from seeds in a language, as long as it gets. */
export type ComputeList = (request: ComputeRequest) => Promise<RankedList>

/**
 * Recommends from what somebody listens to, and fills up with what is popular in the language.
 * @throws AppError `recommendations.no_model` when there is no model and nothing else to go by.
 */
export function listComputer(dependencies: ComputeDependencies): ComputeList {
  const { catalogue, language, minConfidence, clock } = dependencies
  const surelySungIn = surelySung(minConfidence)

  /** Which of the tracks are sung in the language, and how sure that is. */
  async function sungIn(lang: string, trackIds: readonly string[]) {
    const sure = new Map<string, SungLanguage>()
    if (trackIds.length === 0) return sure
    const known = await language.languagesOf(trackIds)
    for (const [trackId, found] of known) {
      const match = surelySungIn(found).find(({ tag }) => tag === lang)
      if (match !== undefined) sure.set(trackId, match)
    }
    return sure
  }

  async function near(lang: string, seeds: readonly Seed[], model: ServedModel | undefined) {
    const artistIds = [...new Set(seeds.flatMap((seed) => seed.artistIds))]
    const artistTracks =
      artistIds.length === 0 ? [] : await catalogue.artistsTracks(artistIds, ARTIST_TRACKS)
    const owned = new Set(seeds.map(({ trackId }) => trackId))
    const raw = rawCandidates({ index: model?.index, language: lang, seeds, artistTracks })
    // Tracks of the artists stay in however far they are by the model.
    const pool = raw
      .toSorted((a, b) => b.neighbour - a.neighbour || (a.trackId < b.trackId ? -1 : 1))
      .filter(({ trackId }) => !owned.has(trackId))
      .filter(({ artist }, rank) => rank < POOL || artist !== undefined)
    const languages = await sungIn(
      lang,
      pool.map(({ trackId }) => trackId),
    )
    return { languages, candidates: scoreCandidates(pool.filter((c) => languages.has(c.trackId))) }
  }

  async function popular(lang: string, model: ServedModel | undefined, ceiling: number) {
    if (model === undefined) return { candidates: [], languages: new Map<string, SungLanguage>() }
    const found = popularCandidates(model.index, lang, { count: POOL, ceiling })
    const languages = await sungIn(
      lang,
      found.map(({ trackId }) => trackId),
    )
    return { languages, candidates: found.filter(({ trackId }) => languages.has(trackId)) }
  }

  return async ({ lang, seeds, model }) => {
    const personal = await near(lang, seeds, model)
    const ceiling = personal.candidates.at(-1)?.score ?? 1
    const fill = await popular(lang, model, ceiling)
    const candidates: Candidate[] = [...personal.candidates, ...fill.candidates]
    if (model === undefined && candidates.length === 0) throw noModel()

    const owned = new Set(seeds.map(({ trackId }) => trackId))
    const wanted = new Set([...owned, ...candidates.map(({ trackId }) => trackId)])
    const facts = factsById(await catalogue.byIds([...wanted]))
    const options = { facts, owned, count: MAX_RECOMMENDATIONS, perArtist: PER_ARTIST }
    const picked = pickDiverse(candidates, options)
    const languages = new Map([...fill.languages, ...personal.languages])
    return {
      lang,
      items: listedItems(picked, languages),
      seeds: seeds.length,
      model: model === undefined ? null : { version: model.version, trainedAt: model.trainedAt },
      generatedAt: clock.now().toISOString(),
    }
  }
}

/** The picked tracks with their languages, and scores such that the best has 1. */
function listedItems(
  picked: readonly Candidate[],
  languages: ReadonlyMap<string, SungLanguage>,
): RankedList['items'] {
  const best = picked[0]?.score ?? 0
  return picked.flatMap(({ trackId, score, reason }) => {
    const language = languages.get(trackId)
    if (language === undefined) return []
    return [{ trackId, language, score: best > 0 ? score / best : 0, reason }]
  })
}
