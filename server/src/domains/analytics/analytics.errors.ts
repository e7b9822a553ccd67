import { AppError } from '#platform/errors'

/** Why an event is refused: told of the event among others, or as the answer to it alone. */

export const invalidEvent = (detail: string) =>
  new AppError({
    code: 'analytics.invalid_event',
    status: 400,
    title: 'The event is not valid',
    detail,
  })

export const unknownEventType = (detail: string) =>
  new AppError({
    code: 'analytics.unknown_event_type',
    status: 400,
    title: 'There is no such type of event',
    detail,
  })

export const invalidPayload = (detail: string) =>
  new AppError({
    code: 'analytics.invalid_payload',
    status: 400,
    title: 'The payload does not fit the type of the event',
    detail,
  })

export const outOfTime = (detail: string) =>
  new AppError({
    code: 'analytics.out_of_time',
    status: 400,
    title: 'The event is too old, or still to come',
    detail,
  })

export const eventConflict = () =>
  new AppError({
    code: 'analytics.event_conflict',
    status: 422,
    title: 'Another event has this id',
    detail: 'An event with the same id and another content was sent before. It stays as it was.',
  })

export const notStorable = (cause: unknown) =>
  new AppError({
    code: 'analytics.not_storable',
    status: 400,
    title: 'The event cannot be stored',
    cause,
  })

export const intakeBusy = () =>
  new AppError({
    code: 'analytics.busy',
    status: 503,
    title: 'Too many events at once',
    detail: 'Nothing of this request was kept. Send the same events again shortly.',
    retryAfterSeconds: 1,
  })
