import { describe, expect, it } from 'vitest'
import { registrantOf } from './isrc.ts'

describe('registrantOf', () => {
  it.each([
    ['ESA012300001', { country: 'ES', aggregator: false }],
    ['es-a01-23-00001', { country: 'ES', aggregator: false }],
    ['KSA012300001', { country: 'KR', aggregator: false }],
    ['QZTB52535927', { country: 'US', aggregator: true }],
    ['TCACP1623532', { country: 'ZZ', aggregator: true }],
  ])('%s is of %o', (isrc, registrant) => {
    expect(registrantOf(isrc)).toStrictEqual(registrant)
  })

  it.each([null, '', 'ESA01230000', 'ESA0123000012', '12A012300001', 'ESA01230000X'])(
    'does not read a country out of %s',
    (isrc) => {
      expect(registrantOf(isrc)).toBeUndefined()
    },
  )
})
