import type { TrackFacts } from '../recommendations.ports.ts'

/** What another release of a song adds to its title: `(Live)`, `- Remastered 2011`, `[feat. X]`. */
const ADDITION = /\s*(?:\([^)]*\)|\[[^\]]*\]|\s-\s.*)\s*$/u

const fold = (text: string) =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\p{M}\p{P}\p{S}\s]+/gu, '')

/** Equal for releases of one song by one main artist. */
export function songKey({ title, artists }: Pick<TrackFacts, 'title' | 'artists'>): string {
  let bare = title
  // Titles that are nothing but an addition, such as "(You Drive Me) Crazy", keep what is left.
  while (ADDITION.test(bare) && fold(bare.replace(ADDITION, '')) !== '') {
    bare = bare.replace(ADDITION, '')
  }
  return `${fold(bare)}\u001F${fold(artists[0]?.name ?? '')}`
}
