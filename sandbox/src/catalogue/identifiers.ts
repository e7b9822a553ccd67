import { createHash } from 'node:crypto'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const DESIGNATIONS = 100_000

function digits(seed: string, alphabet: string, length: number): string {
  let value = BigInt(`0x${createHash('sha256').update(seed).digest('hex')}`)
  const base = BigInt(alphabet.length)
  let text = ''
  while (text.length < length) {
    text += alphabet[Number(value % base)] ?? ''
    value /= base
  }
  return text
}

/**
 * An id of 22 base62 digits that holds 128 bits, the form of Spotify's ids, always the same for the
 * same parts.
 */
export function spotifyId(kind: 'track' | 'artist' | 'album', ...parts: string[]): string {
  const hash = createHash('sha256')
    .update([kind, ...parts].join('\0'))
    .digest('hex')
  let value = BigInt(`0x${hash.slice(0, 32)}`)
  let text = ''
  while (text.length < 22) {
    text = (BASE62[Number(value % 62n)] ?? '') + text
    value /= 62n
  }
  return text
}

/** Base62 text of any length up to 40 digits, the same for the same seed. */
export function base62(seed: string, length: number): string {
  return digits(seed, BASE62, length)
}

export interface IsrcParts {
  readonly country: string
  readonly registrant: string
  readonly year: number
  readonly title: string
}

/**
 * Gives well-formed and unique ISRCs (ISO 3901: country, registrant of three letters or digits,
 * two digits of the year, designation of five digits). A taken designation moves to the next free
 * one, so a code only depends on the rows before it when two songs clash.
 */
export function isrcIssuer(): (parts: IsrcParts) => string {
  const issued = new Set<string>()
  return ({ country, registrant, year, title }) => {
    const prefix = `${country}${digits(`registrant\0${country}\0${registrant}`, ALPHANUMERIC, 3)}${String(year % 100).padStart(2, '0')}`
    const start = Number.parseInt(digits(`isrc\0${registrant}\0${title}`, '0123456789', 5), 10)
    for (let step = 0; step < DESIGNATIONS; step += 1) {
      const isrc = `${prefix}${String((start + step) % DESIGNATIONS).padStart(5, '0')}`
      if (!issued.has(isrc)) {
        issued.add(isrc)
        return isrc
      }
    }
    throw new RangeError(`no designation is left under ${prefix}`)
  }
}
