import type { Catalogue, Track } from '../catalogue/catalogue.ts'
import { fractionOf, type Random } from '../random/random.ts'
import { weightedSample } from '../random/weighted.ts'
import type { ListenerProfile } from './profiles.ts'
import { isSceneName, SCENES, type Scene } from './scenes.ts'

/** A song that the listener comes to know, with how much they like it. */
export interface KnownSong {
  readonly trackIndex: number
  readonly artistId: string
  readonly liking: number
  /** Day of the history on which it is first heard; 0 = known from the start. */
  readonly discoveredDay: number
  /** Where the slow wave of interest starts, in radians. */
  readonly phase: number
}

export interface SceneRepertoire {
  readonly weight: number
  readonly songs: readonly KnownSong[]
}

/** A listener never knows more of a language than this, so that something is left to find. */
const MOST_OF_A_LANGUAGE = 0.4
const FEWEST_SONGS = 4
/** How seldom a song outside the scene's genres is taken up, against one inside. */
const FOREIGN_GENRE = 0.12
/** Years from the era's middle at which interest falls to 1/e. */
const ERA_YEARS = 22
const KNOWN_FROM_START = 0.5
/** Exponent of the popularity law among the songs one knows (Zipf's law). */
const ZIPF_EXPONENT = 0.75

/** How well a song fits a scene, the same for all its listeners: this is what they have in common. */
function appeal(scene: Scene, sceneName: string, track: Track): number {
  const home = scene.genres === undefined || track.genres.some((genre) => scene.genres?.test(genre))
  const era = Math.exp(-(((track.year - scene.era) / ERA_YEARS) ** 2))
  const shared = fractionOf(`${sceneName}\0${track.artistIds[0] ?? ''}`)
  return (home ? 1 : FOREIGN_GENRE) * (0.15 + era) * (track.popularity / 50) ** 1.5 * shared ** 2
}

function songsOfLanguages(catalogue: Catalogue, languages: readonly string[]): Track[] {
  return catalogue.tracks.filter(({ languages: [main] }) => languages.includes(main ?? ''))
}

export interface RepertoireInput {
  readonly catalogue: Catalogue
  readonly profile: ListenerProfile
  readonly random: Random
  readonly days: number
}

/** The songs a listener knows, scene by scene, with what makes each rise and fall over time. */
export function repertoireOf({
  catalogue,
  profile,
  random,
  days,
}: RepertoireInput): SceneRepertoire[] {
  const total = Object.values(profile.scenes).reduce((sum, weight) => sum + weight, 0)
  const taken = new Set<number>()
  const room = new Map<string, number>()
  return Object.entries(profile.scenes).map(([name, weight]) => {
    const scene: Scene = isSceneName(name) ? SCENES[name] : { languages: [], era: 2000 }
    const pool = songsOfLanguages(catalogue, scene.languages).filter(
      ({ index }) => !taken.has(index),
    )
    const share = weight / total
    const key = scene.languages.join()
    const left =
      room.get(key) ?? Math.max(FEWEST_SONGS, Math.floor(pool.length * MOST_OF_A_LANGUAGE))
    const wanted = Math.min(left, Math.round(FEWEST_SONGS + 70 * share))
    const chosen = weightedSample(random, pool, wanted, (track) => appeal(scene, name, track))
    room.set(key, left - chosen.length)
    for (const { index } of chosen) taken.add(index)
    return { weight: share, songs: chosen.map((track, rank) => know(track, rank, random, days)) }
  })
}

function know(track: Track, rank: number, random: Random, days: number): KnownSong {
  const known = random() < KNOWN_FROM_START
  return {
    trackIndex: track.index,
    artistId: track.artistIds[0] ?? '',
    liking: (0.4 + random()) / (rank + 1) ** ZIPF_EXPONENT,
    discoveredDay: known ? 0 : Math.floor(random() * days * 0.96),
    phase: random() * 2 * Math.PI,
  }
}
