import { AppError } from '#platform/errors'

export const unknownConsumer = (name: string, known: readonly string[]) =>
  new AppError({
    code: 'events.unknown_consumer',
    status: 404,
    title: 'There is no such consumer of events',
    detail: `Nobody consumes events under the name "${name}". There is: ${known.join(', ')}.`,
  })

export const readsItself = (name: string) =>
  new AppError({
    code: 'events.reads_itself',
    status: 409,
    title: 'This consumer is given events again by a replay',
    detail: `"${name}" reads its events itself, in their order; "events replay" gives it again what it lacks.`,
  })
