import { AppError } from '#platform/errors'

export const trackNotFound = () =>
  new AppError({
    code: 'language.track_not_found',
    status: 404,
    title: 'There is no such track',
  })
