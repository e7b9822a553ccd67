import { cleanTitle } from './clean-title.ts'
import { COUNTRY_LANGUAGES, type LanguageShares } from './country-languages.ts'
import { genreLanguages, instrumentalGenre } from './genre-languages.ts'
import { tellingCharacters } from './han-characters.ts'
import { type Registrant, registrantOf } from './isrc.ts'
import { createMarkerReader, type Markers } from './marker-words.ts'
import { loadNgramScorer, type NgramScores } from './ngram-scores.ts'
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
  country: LanguageShares | undefined
  genre: { genre: string; languages: LanguageShares } | undefined
  instrumental: { genre: string; strength: number } | undefined
  words: Markers
  characters: { tag: string; characters: string } | undefined
  cues: readonly Cue[]
}

/** Longer text tells nothing more, and its reading would take longer. */
const MAX_TEXT_LENGTH = 500

/** Text that can be stored as evidence: no U+0000, no half of a surrogate pair, not too long. */
function readable(text: string): string {
  return text.slice(0, MAX_TEXT_LENGTH).replaceAll('\0', ' ').toWellFormed()
}

/** Prepares the readers (n-gram table, word index); then reading a track is synchronous. */
export async function createSignalReader(): Promise<(metadata: TrackMetadata) => Signals> {
  const score = await loadNgramScorer()
  const findMarkers = createMarkerReader()
  const findCues = createCueFinder()
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
      country: registrant && COUNTRY_LANGUAGES[registrant.country],
      genre: genreLanguages(names),
      instrumental: instrumentalGenre(names),
      words: findMarkers(`${titleText} ${albumTells}`),
      characters: tellingCharacters(`${titleText} ${albumTells}`),
      cues: findCues({ title: wholeTitle, album: wholeAlbum, artists: [performers] }),
    }
  }
}
