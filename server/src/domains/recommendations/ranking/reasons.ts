import type { TrackFacts } from '../recommendations.ports.ts'
import type { Reason } from '../recommendations.schemas.ts'
import type { ReasonIds } from './candidates.ts'

const languageName = (language: string, inLanguage: string) =>
  new Intl.DisplayNames([inLanguage], { type: 'language' }).of(language) ?? language

const popular = (language: string): Reason => ({
  code: 'popular_in_language',
  text: {
    en: `Popular in ${languageName(language, 'en')}`,
    es: `Popular en ${languageName(language, 'es')}`,
  },
})

function becauseOf(seed: TrackFacts): Reason {
  const { trackId, title } = seed
  const artist = seed.artists[0]?.name ?? ''
  return {
    code: 'because_you_listen_to',
    trackId,
    title,
    artist,
    text: {
      en: `Because you listen to “${title}” by ${artist}`,
      es: `Porque escuchas «${title}» de ${artist}`,
    },
  }
}

function moreFrom(seed: TrackFacts, artist: string): Reason {
  return {
    code: 'more_from_artist',
    trackId: seed.trackId,
    title: seed.title,
    artist,
    text: {
      en: `More from ${artist}, as you listen to “${seed.title}”`,
      es: `Más de ${artist}, porque escuchas «${seed.title}»`,
    },
  }
}

/** The seed is not described any more: the reason holds, but cannot name it. */
const unnamed = (code: Reason['code']): Reason => ({
  code,
  text: { en: 'Because of what you listen to', es: 'Por lo que escuchas' },
})

/** A reason in words, from the facts of the seed that it names. */
export function describeReason(
  reason: ReasonIds,
  facts: ReadonlyMap<string, TrackFacts>,
  language: string,
): Reason {
  if (reason.code === 'popular_in_language') return popular(language)
  const seed = facts.get(reason.seedId)
  if (seed === undefined) return unnamed(reason.code)
  if (reason.code === 'because_you_listen_to') return becauseOf(seed)
  const artist = seed.artists.find(({ artistId }) => artistId === reason.artistId)
  return artist === undefined ? becauseOf(seed) : moreFrom(seed, artist.name)
}
