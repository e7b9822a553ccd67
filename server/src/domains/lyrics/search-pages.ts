import type { LyricsCandidate, LyricsProvider } from './lyrics.ports.ts'
import type { LyricsPage } from './lyrics.schemas.ts'

/** As many as an answer may hold. */
const MAX_PAGES = 20

/** What every provider finds, the first one's first. @throws the first failure, when nobody answers. */
export async function searchPages(
  providers: readonly LyricsProvider[],
  query: string,
): Promise<LyricsPage[]> {
  const answers = await Promise.allSettled(
    providers.map(async (provider) =>
      (await provider.search(query)).map((candidate) => pageOf(candidate, provider)),
    ),
  )
  const failed = answers.find((answer) => answer.status === 'rejected')
  if (failed !== undefined && answers.every(({ status }) => status === 'rejected')) {
    throw failed.reason
  }
  return answers
    .flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    .slice(0, MAX_PAGES)
}

function pageOf(candidate: LyricsCandidate, { name, attribution }: LyricsProvider): LyricsPage {
  const { title, primaryArtist, artists, url, providerId, language } = candidate
  const { thumbnailUrl, releaseYear } = candidate
  return {
    title,
    artist: primaryArtist,
    artists: [...artists],
    url,
    provider: name,
    providerId,
    language,
    thumbnailUrl,
    releaseYear,
    attribution,
  }
}
