import type { LyricsCandidate } from './lyrics.ports.ts'
import { type TitleParts, titleParts } from './title-parts.ts'

/** A page as it is judged: whose song it is about, and what it says of the song. */
export interface JudgedPage {
  parts: TitleParts
  primaryArtist: string
  artists: readonly string[]
}

/**
 * Genius keeps translations and transliterations under accounts of their own ("Genius English
 * Translations", "Genius Traducciones al Español", "Polskie tłumaczenia Genius"), with the real
 * artist in front of the title.
 */
const TRANSLATORS =
  /\bgenius\b.*(?:translat|traduc|traduç|tradu[cz]ion|traduction|übersetz|çeviri|tłumacz|перевод|翻|번역|vertaling|översätt|oversætt|oversett|fordít|překlad|käännö|terjemah|תרגום|ترجم)|(?:translat|traduc|tłumacz|перевод).*\bgenius\b/iu
const ROMANISERS = /\bgenius\b.*romani[sz]|\bromani[sz]ations?\b.*\bgenius\b/iu
const ARTIST_AND_TITLE = /^(.+?)\s+[-–—]\s+(.+)$/u

/** What a candidate is a page about: for a translation the song it translates. */
export function judgedPage({ title, primaryArtist, artists }: LyricsCandidate): JudgedPage {
  const romanised = ROMANISERS.test(primaryArtist)
  if (!romanised && !TRANSLATORS.test(primaryArtist)) {
    return { parts: titleParts(title), primaryArtist, artists }
  }
  const [, artist = primaryArtist, song = title] = ARTIST_AND_TITLE.exec(title) ?? []
  const parts = titleParts(song)
  const mark = romanised ? 'romanisation' : 'translation'
  return {
    parts: { ...parts, marks: new Set([...parts.marks, mark]) },
    primaryArtist: artist,
    artists: [artist],
  }
}
