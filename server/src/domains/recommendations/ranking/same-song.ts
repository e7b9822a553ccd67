import type { TrackFacts } from '../recommendations.ports.ts'

/** The end of a title that may say which release it is: `(Live)`, `- Remastered 2011`, `[feat. X]`. */
const ENDING = /\s*(?:\([^()]*\)|\[[^[\]]*\]|\s[-–—]\s[^()[\]]*)\s*$/u

/** Words that tell a release from another of the same song; in the languages met most often. */
const RELEASE_WORDS =
  /\b(?:live|en vivo|en directo|ao vivo|remaster(?:ed|izado|izada|isé)?|version|versión|versão|versione|edit|mix|remix|feat|ft|with|con|acoustic|acústic[oa]|acoustique|mono|stereo|demo|bonus|deluxe|radio|single|album|original|instrumental|karaoke|sped up|slowed|unplugged|session|sessions)\b/iu

const fold = (text: string) =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\p{M}\p{P}\p{S}\s]+/gu, '')

function withoutReleaseWords(title: string): string {
  let bare = title
  for (;;) {
    const ending = ENDING.exec(bare)
    if (ending === null || ending.index === 0 || !RELEASE_WORDS.test(ending[0])) return bare
    bare = bare.slice(0, ending.index)
  }
}

/** Equal for releases of one song by one main artist. */
export function songKey({ title, artists }: Pick<TrackFacts, 'title' | 'artists'>): string {
  return `${fold(withoutReleaseWords(title))}\u001F${fold(artists[0]?.name ?? '')}`
}
