import { AppError } from '#platform/errors'

export const noLanguage = () =>
  new AppError({
    code: 'recommendations.no_language',
    status: 409,
    title: 'You have not chosen a language',
    detail: 'Choose one with PATCH /users/me/lang, or name one with POST /reco/by-language.',
  })

export const unknownLanguage = (tag: string) =>
  new AppError({
    code: 'recommendations.unknown_language',
    status: 400,
    title: 'This is not a language tag',
    detail: `"${tag}" is not a BCP 47 language tag such as "es" or "pt-BR".`,
  })

/** A first model is trained minutes after there is something to train on. */
const RETRY_AFTER_SECONDS = 60

export const noModel = () =>
  new AppError({
    code: 'recommendations.no_model',
    status: 503,
    title: 'Recommendations are not ready yet',
    detail: 'No model has been trained yet. Try again in a few minutes.',
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  })

export const recommendationsUnavailable = (cause: unknown) =>
  new AppError({
    code: 'recommendations.unavailable',
    status: 503,
    title: 'Recommendations cannot be had just now',
    detail: 'The part of the service that makes them does not answer. Try again shortly.',
    retryAfterSeconds: 2,
    cause,
  })
