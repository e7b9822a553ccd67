import { ProviderError } from '#platform/outbound'
import { bestHit, type SongNames, searchableTitle } from './best-hit.ts'
import type { LyricsCandidate, LyricsProvider } from './lyrics.ports.ts'
import type { StoredHit } from './lyrics.schemas.ts'

/**
 * What to ask a provider for: artist and bare title first, since guests and "Remastered 2011" only
 * mislead its search; then the title alone, for artists whom the provider names in another way.
 */
function searchesFor(song: SongNames): string[] {
  const title = searchableTitle(song)
  return [`${song.artist.trim()} ${title}`, title]
}

const rounded = (score: number) => Math.round(score * 1000) / 1000

/** The page for a song at the first provider that has one; null when none has. @throws ProviderError */
export async function findPage(
  providers: readonly LyricsProvider[],
  song: SongNames,
): Promise<StoredHit | null> {
  let failure: ProviderError | undefined
  for (const provider of providers) {
    try {
      const hit = await findPageAt(provider, song)
      if (hit !== null) return hit
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      failure ??= error
    }
  }
  // "None has it" may only be said when every one was asked.
  if (failure !== undefined) throw failure
  return null
}

async function findPageAt(provider: LyricsProvider, song: SongNames): Promise<StoredHit | null> {
  for (const search of searchesFor(song)) {
    const best = bestHit(song, await provider.search(search))
    if (best === undefined) continue
    return {
      ...pageOf(best.candidate, provider.name),
      score: rounded(best.score),
      matched: {
        title: rounded(best.titleScore),
        artist: rounded(best.artistScore),
        page: best.page,
      },
    }
  }
  return null
}

function pageOf(
  { title, primaryArtist, url, providerId, language }: LyricsCandidate,
  provider: string,
) {
  return { title, artist: primaryArtist, url, provider, providerId, language }
}
