/** S3 allows 1024 bytes, of which a bucket's prefix and the manifest's suffix take their part. */
const MAX_KEY_LENGTH = 480
/** File systems allow 255 bytes; a partial name or a suffix needs room. */
const MAX_SEGMENT_LENGTH = 160
/** No dot begins a segment: neither `..` nor a hidden file can be named. */
const SEGMENT = /^[A-Za-z0-9_=+-][A-Za-z0-9_=+.-]*$/

const isSegment = (text: string) => text.length <= MAX_SEGMENT_LENGTH && SEGMENT.test(text)

/**
 * Lets through what is a name on every store alike: segments of `[A-Za-z0-9_=+.-]` between slashes.
 * @throws RangeError for any other name, or one that is too long.
 */
export function checkKey(key: string): string {
  if (key.length > MAX_KEY_LENGTH || !key.split('/').every(isSegment)) {
    throw new RangeError(`not the key of an object: ${JSON.stringify(key.slice(0, 100))}`)
  }
  return key
}

/** The same for the beginning of keys: empty, or cut off anywhere. @throws RangeError */
export function checkPrefix(prefix: string): string {
  const segments = prefix.split('/')
  const last = segments.pop() ?? ''
  const isWhole = segments.every(isSegment) && (last === '' || isSegment(last))
  if (prefix.length > MAX_KEY_LENGTH || !isWhole) {
    throw new RangeError(`not the beginning of a key: ${JSON.stringify(prefix.slice(0, 100))}`)
  }
  return prefix
}
