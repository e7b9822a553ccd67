import type { Catalogue, Track } from '../catalogue/catalogue.ts'
import { choiceOf, fractionOf } from '../random/random.ts'
import { artistIssuer, numberIssuer } from './genius-artists.ts'
import type { GeniusArtist, GeniusDraft, GeniusSong } from './genius-song.ts'

/** How often a song has such a page; chosen so that a search rarely shows one plausible hit only. */
const SHARES = {
  missing: 0.03,
  languageUnknown: 0.08,
  incomplete: 0.03,
  player: 0.6,
  englishTranslation: 0.5,
  romanisation: 0.7,
  otherTranslation: 0.3,
  cover: 0.25,
  remix: 0.15,
  live: 0.12,
} as const

const LATIN_ONLY = /^[\p{Script=Latin}\p{N}\p{P}\p{S}\p{Z}\p{M}]*$/u
/** What a store adds to a title and Genius leaves out. */
const STORE_SUFFIX =
  /\s+-\s+(?:\d{4}\s+)?(?:remaster|live|radio edit|single version|album version|mono|stereo|from ).*$|\s*\((?:from|feat\.|with) [^)]*\)/iu
const TRANSLATORS: readonly [Translator, ...Translator[]] = [
  { artist: 'Genius Traducciones al Español', suffix: 'Traducción al Español', language: 'es' },
  { artist: 'Genius Brasil Traduções', suffix: 'Tradução em Português', language: 'pt' },
  { artist: 'Genius Traductions françaises', suffix: 'Traduction française', language: 'fr' },
]

interface Translator {
  readonly artist: string
  readonly suffix: string
  readonly language: string
}

/** Genius files Cantonese under Chinese. */
function geniusLanguage(track: Track): string | null {
  const [main = ''] = track.languages
  if (main === 'zxx') return null
  if (fractionOf(`language unknown\0${track.id}`) < SHARES.languageUnknown) return null
  return main === 'yue' ? 'zh' : main
}

function original(
  track: Track,
  album: string,
  artistFor: (name: string) => GeniusArtist,
): GeniusDraft {
  const [main = '', ...featured] = track.artistNames
  const at = (what: string) => fractionOf(`${what}\0${track.id}`)
  return {
    title: track.title.replace(STORE_SUFFIX, ''),
    artist: artistFor(main),
    featured: featured.map(artistFor),
    album,
    language: geniusLanguage(track),
    lyricsState: at('incomplete') < SHARES.incomplete ? 'incomplete' : 'complete',
    instrumental: track.languages.includes('zxx'),
    pageviews: Math.round(10 ** (2.6 + track.popularity / 26 + at('views') * 0.8)),
    released: {
      year: track.year,
      month: 1 + Math.floor(at('month') * 12),
      day: 1 + Math.floor(at('day') * 28),
    },
    ...(at('player') < SHARES.player ? { spotifyTrackId: track.id } : {}),
  }
}

/** The pages around a song that a search shows beside it, sometimes above it. */
function neighbours(
  track: Track,
  page: GeniusDraft,
  peers: readonly string[],
  artistFor: (name: string) => GeniusArtist,
): GeniusDraft[] {
  const at = (what: string) => fractionOf(`${what}\0${track.id}`)
  const views = (factor: number) => Math.round(page.pageviews * factor)
  const headed = `${page.artist.name} - ${page.title}`
  const { spotifyTrackId: _, ...bare } = page
  const other = peers[Math.floor(at('other artist') * peers.length)] ?? 'Karaoke Voices'
  const pages: GeniusDraft[] = []
  const add = (share: number, what: string, draft: Partial<GeniusDraft>) => {
    if (at(what) < share) pages.push({ ...bare, featured: [], ...draft })
  }
  const translator = choiceOf(`translator\0${track.id}`, TRANSLATORS)
  const sung = !page.instrumental
  const foreign = sung && track.languages[0] !== 'en'
  add(foreign ? SHARES.englishTranslation : 0, 'english', {
    title: `${headed} (English Translation)`,
    artist: artistFor('Genius English Translations'),
    language: 'en',
    pageviews: views(0.1 + at('english views') ** 2),
  })
  // Readers who cannot read the script often outnumber those who can.
  add(sung && !LATIN_ONLY.test(track.title) ? SHARES.romanisation : 0, 'romanised', {
    title: `${headed} (Romanized)`,
    artist: artistFor('Genius Romanizations'),
    pageviews: views(0.2 + 2 * at('romanised views')),
  })
  add(
    sung && translator.language !== track.languages[0] ? SHARES.otherTranslation : 0,
    'translated',
    {
      title: `${headed} (${translator.suffix})`,
      artist: artistFor(translator.artist),
      language: translator.language,
      pageviews: views(0.05 + 0.3 * at('translated views')),
    },
  )
  add(SHARES.cover, 'cover', {
    artist: artistFor(other),
    pageviews: views(0.02 + 0.5 * at('cover views') ** 3),
  })
  add(SHARES.remix, 'remix', {
    title: `${page.title} (Remix)`,
    featured: [artistFor(other)],
    pageviews: views(0.1 + 0.8 * at('remix views') ** 2),
  })
  add(SHARES.live, 'live', { title: `${page.title} (Live)`, pageviews: views(0.08) })
  return pages
}

/** For each language, the artists who sing in it: covers come from among them. */
function artistsByLanguage({ tracks }: Catalogue): Map<string, string[]> {
  const byLanguage = Map.groupBy(tracks, ({ languages: [main] }) => main ?? '')
  return new Map(
    [...byLanguage].map(([language, own]) => [
      language,
      [...new Set(own.flatMap(({ artistNames: [name] }) => name ?? []))],
    ]),
  )
}

/** Every page that Genius has around the catalogue; a few songs have none. */
export function geniusPages(catalogue: Catalogue): GeniusSong[] {
  const artistFor = artistIssuer()
  const numberFor = numberIssuer()
  const singers = artistsByLanguage(catalogue)
  const drafts = catalogue.tracks.flatMap((track) => {
    if (fractionOf(`missing\0${track.id}`) < SHARES.missing) return []
    const album = catalogue.albumById.get(track.albumId)?.title ?? track.title
    const page = original(track, album, artistFor)
    const peers = (singers.get(track.languages[0] ?? '') ?? []).filter(
      (name) => name !== track.artistNames[0],
    )
    return [page, ...neighbours(track, page, peers, artistFor)]
  })
  return drafts.map((draft, i) => ({
    id: numberFor(
      `page\0${draft.artist.name}\0${draft.title}\0${draft.featured[0]?.name ?? ''}\0${i}`,
    ),
    ...draft,
  }))
}
