import { cleanTitle } from './clean-title.ts'
import { COUNTRY_LANGUAGES } from './country-languages.ts'
import { genreLanguages } from './genre-languages.ts'
import { tellingCharacters } from './han-characters.ts'
import { createInstrumentalCueFinder, type InstrumentalCue } from './instrumental-cues.ts'
import { type Registrant, registrantOf } from './isrc.ts'
import { sharesOf } from './language-shares.ts'
import { createMarkerReader, type Markers, TITLE_ENDINGS, TITLE_WORDS } from './marker-words.ts'
import { loadNgramScorer, type NgramScores } from './ngram-scores.ts'
import { PERFORMER_WORDS } from './performer-words.ts'
import { tellingScript } from './script-of-text.ts'
import type { Script } from './script-ranges.ts'
import { type Cue, createCueFinder } from './title-cues.ts'
import type { TrackMetadata } from './types.ts'

export type Field = 'title' | 'album' | 'artist'
export const FIELDS: readonly Field[] = ['title', 'album', 'artist']

/** One text as read: its script and its n-grams. */
export interface FieldSignals extends NgramScores {
  text: string
  script: Script | undefined
}

/** Everything the model looks at, independent of its weights. */
export interface Signals {
  fields: Readonly<Record<Field, FieldSignals>>
  registrant: Registrant | undefined
  /** Shares of the languages, by `perLanguage`'s positions, in the registrant's country. */
  country: Float64Array | undefined
  /** The same in songs of the genre. */
  genre: { genre: string; shares: Float64Array } | undefined
  instrumental: readonly InstrumentalCue[]
  words: Markers
  /** Words in the performers' names. */
  names: Markers
  characters: { tag: string; characters: string } | undefined
  cues: readonly Cue[]
}

/** Longer text tells nothing more, and its reading would take longer. */
const MAX_TEXT_LENGTH = 500

/** Text that can be stored as evidence: no U+0000, no half of a surrogate pair, not too long. */
function readable(text: string): string {
  return text.slice(0, MAX_TEXT_LENGTH).replaceAll('\0', ' ').toWellFormed()
}

/** What a table of shares leaves to any language at all. */
const LEFT_TO_ANY = 0.02
const GENRE_LEFT_TO_ANY = 0.15

function countryShares(registrant: Registrant | undefined): Float64Array | undefined {
  const table = COUNTRY_LANGUAGES[registrant?.country ?? '']
  return table && sharesOf(table, LEFT_TO_ANY)
}

function genreShares(genres: readonly string[]): Signals['genre'] {
  const found = genreLanguages(genres)
  return found && { genre: found.genre, shares: sharesOf(found.languages, GENRE_LEFT_TO_ANY) }
}

/** Prepares the readers (n-gram table, word index); then reading a track is synchronous. */
export async function createSignalReader(): Promise<(metadata: TrackMetadata) => Signals> {
  const score = await loadNgramScorer()
  const findMarkers = createMarkerReader(TITLE_WORDS, TITLE_ENDINGS)
  const findNames = createMarkerReader(PERFORMER_WORDS)
  const findCues = createCueFinder()
  const findInstrumentalCues = createInstrumentalCueFinder()
  const readField = (text: string): FieldSignals => ({
    text,
    script: tellingScript(text),
    ...score(text),
  })
  return ({ title, artists, album, isrc, genres = [] }) => {
    const wholeTitle = readable(title)
    const wholeAlbum = readable(album ?? '')
    const titleText = cleanTitle(wholeTitle)
    const albumText = cleanTitle(wholeAlbum)
    // A single's album repeats its title: that is no second witness.
    const albumTells = albumText.toLowerCase() === titleText.toLowerCase() ? '' : albumText
    const performers = readable(artists.join(', '))
    const registrant = registrantOf(isrc)
    const names = genres.map(readable)
    return {
      fields: {
        title: readField(titleText),
        album: readField(albumTells),
        artist: readField(performers),
      },
      registrant,
      country: countryShares(registrant),
      genre: genreShares(names),
      instrumental: findInstrumentalCues({
        title: wholeTitle,
        performers,
        album: wholeAlbum,
        genres: names,
      }),
      words: findMarkers(`${titleText} ${albumTells}`),
      names: findNames(performers),
      characters: tellingCharacters(`${titleText} ${albumTells}`),
      cues: findCues(wholeTitle),
    }
  }
}
