import { AppError } from '#platform/errors'

export const invalidCredentials = () =>
  new AppError({
    code: 'identity.invalid_credentials',
    status: 401,
    title: 'E-mail or password is wrong',
  })

export const emailTaken = () =>
  new AppError({
    code: 'identity.email_taken',
    status: 409,
    title: 'This e-mail address is already registered',
  })

export const weakPassword = (detail: string) =>
  new AppError({
    code: 'identity.weak_password',
    status: 400,
    title: 'The password is not acceptable',
    detail,
  })

/** One answer for every way a token can be bad: the difference would help only an attacker. */
export const invalidToken = (cause?: unknown) =>
  new AppError({
    code: 'identity.invalid_token',
    status: 401,
    title: 'The token is not valid (any more)',
    cause,
  })

export const busy = () =>
  new AppError({
    code: 'identity.busy',
    status: 503,
    title: 'Too many sign-ins at once',
    retryAfterSeconds: 2,
  })
