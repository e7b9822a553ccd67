import { describe, expect, it } from 'vitest'
import { safeReturnPath } from './return-path.ts'

const SITE = 'https://music.example'

describe('safeReturnPath', () => {
  it.each(['/', '/links?from=settings#spotify', '/a/b%2Fc', '/@me', '/https://ok@e'])(
    'keeps a path of ours: %s',
    (path) => {
      expect(safeReturnPath(path, SITE)).toBe(path)
    },
  )

  it.each([
    '//e',
    '/\\e',
    '\\\\e',
    'https://ok@e',
    'https://music.example.e/',
    'javascript:alert(1)',
    '/\t/e',
    '/\n/e',
    '/a\r\nSet-Cookie: x=y',
    '/.//e',
    '/x/..//e',
    '/./\\e',
    'path',
    '',
    ' //e',
    `/${'x'.repeat(500)}`,
    `/${'é'.repeat(200)}`,
  ])('sends elsewhere than asked by %j', (path) => {
    expect(safeReturnPath(path, SITE)).toBe('/')
  })

  it('sends to the default page when nothing is asked', () => {
    expect(safeReturnPath(undefined, SITE)).toBe('/')
  })
})
