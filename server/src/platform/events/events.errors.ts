import { AppError } from '#platform/errors'

export const unknownConsumer = (name: string) =>
  new AppError({
    code: 'events.unknown_consumer',
    status: 404,
    title: 'There is no such consumer of events',
    detail: `Nobody consumes events under the name "${name}"; "events status" lists them all.`,
  })
