import { AppError } from '#platform/errors'

export const invalidQuery = (cause: unknown) =>
  new AppError({
    code: 'analytics.invalid_lake_query',
    status: 400,
    title: 'The query cannot be answered',
    detail: cause instanceof Error ? cause.message : String(cause),
    cause,
  })
