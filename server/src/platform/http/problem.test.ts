import { describe, expect, it } from 'vitest'
import { AppError } from '#platform/errors'
import { problemBody, toAppError } from './problem.ts'

const withCode = (code: string) => Object.assign(new Error('inner text'), { code })

describe('toAppError', () => {
  it.each(['ECONNREFUSED', '57P01', '53300', '55P03', '57014', '40P01'])(
    'says of %s that trying again helps',
    (code) => {
      expect(toAppError(withCode(code))).toMatchObject({ status: 503, retryAfterSeconds: 2 })
    },
  )

  it('keeps the inner text of what nobody expected to itself', () => {
    const error = toAppError(withCode('23502'))
    const body = problemBody(error, 'https://example.org', 'request-1')
    expect(error).toMatchObject({ status: 500, code: 'http.internal_error' })
    expect(JSON.stringify(body)).not.toContain('inner text')
    expect(error.cause).toBeInstanceOf(Error)
  })

  it('lets no extension stand in for the document’s own members', () => {
    const error = new AppError({
      code: 'a.b',
      status: 400,
      title: 'true title',
      extensions: { title: 'false title', part: 'body' },
    })
    expect(problemBody(error, 'https://example.org', 'request-1')).toMatchObject({
      title: 'true title',
      part: 'body',
    })
  })
})
