import type { GeniusSource, JsonObject } from '../genius/genius-source.ts'
import { tokensOf } from '../text/tokens.ts'
import type { RecordedAnswer } from './cassettes.ts'
import { isObject, objectsOf, textOf } from './json.ts'

interface RecordedSearch {
  /** Unknown where only the body was kept. */
  readonly query: string | undefined
  readonly hits: readonly JsonObject[]
}

function responseOf({ body }: RecordedAnswer): JsonObject {
  const response = isObject(body) ? body['response'] : undefined
  return isObject(response) ? response : {}
}

function searches(answers: readonly RecordedAnswer[]): RecordedSearch[] {
  return answers.flatMap((answer) => {
    const hits = objectsOf(responseOf(answer)['hits'])
    return hits.length === 0
      ? []
      : [{ query: answer.url?.searchParams.get('q') ?? undefined, hits }]
  })
}

function songs(answers: readonly RecordedAnswer[]): Map<string, JsonObject> {
  return new Map(
    answers.flatMap((answer): Array<[string, JsonObject]> => {
      const { song } = responseOf(answer)
      return isObject(song) ? [[String(song['id']), song]] : []
    }),
  )
}

/** True when a query names the hit: all of its title, and nothing but its title and artist. */
function names(query: ReadonlySet<string>, hit: JsonObject): boolean {
  const { result } = hit
  if (!isObject(result)) return false
  const { primary_artist: artist } = result
  const title = tokensOf(textOf(result['title']))
  const known = new Set([...title, ...tokensOf(isObject(artist) ? textOf(artist['name']) : '')])
  return title.every((word) => query.has(word)) && [...query].every((word) => known.has(word))
}

/** Genius from recorded answers: the recorded searches and songs, and nothing else. */
export function recordedGenius(answers: readonly RecordedAnswer[]): GeniusSource {
  const recordedSearches = searches(answers)
  const recordedSongs = songs(answers)
  return {
    hits(query, { page, perPage }) {
      const words = new Set(tokensOf(query))
      const same = (other: string | undefined) =>
        other !== undefined && tokensOf(other).join(' ') === [...words].join(' ')
      const search =
        recordedSearches.find((one) => same(one.query)) ??
        recordedSearches.find(({ hits }) => hits.some((hit) => names(words, hit)))
      return (search?.hits ?? []).slice((page - 1) * perPage, page * perPage)
    },
    song: (id) => recordedSongs.get(id),
  }
}
