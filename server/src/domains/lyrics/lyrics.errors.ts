import { AppError } from '#platform/errors'

/** Used when the provider does not say how long to wait. */
const RETRY_AFTER_SECONDS = 30

export const lyricsNotFound = () =>
  new AppError({
    code: 'lyrics.not_found',
    status: 404,
    title: 'No page with the words of this song was found',
    detail: 'Check the spelling of artist and title, or try GET /lyrics/search.',
  })

export const lyricsNotConfigured = () =>
  new AppError({
    code: 'lyrics.not_configured',
    status: 503,
    title: 'Lyrics are not set up on this server',
    detail: 'The operator has configured no lyrics provider.',
  })

/** @param retryAfterSeconds as the provider asked, if it did. */
export const lyricsProviderUnavailable = (cause: unknown, retryAfterSeconds?: number) =>
  new AppError({
    code: 'lyrics.provider_unavailable',
    status: 503,
    title: 'The lyrics provider cannot be asked right now',
    detail: 'Nothing is known about this song yet. Try again later.',
    retryAfterSeconds: retryAfterSeconds ?? RETRY_AFTER_SECONDS,
    cause,
  })
