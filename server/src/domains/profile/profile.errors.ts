import { AppError } from '#platform/errors'

export const userNotFound = () =>
  new AppError({ code: 'profile.user_not_found', status: 404, title: 'There is no such user' })

export const unknownLanguage = (tag: string) =>
  new AppError({
    code: 'profile.unknown_language',
    status: 400,
    title: 'This is not a language tag',
    detail: `"${tag}" is not a BCP 47 language tag such as "es" or "pt-BR".`,
  })
