/**
 * Why an object could not be had or kept:
 * `missing`: the store answers, and has no such object;
 * `corrupt`: its bytes are not the ones that were put;
 * `unavailable`: the store does not answer, refuses us, or is full: trying later may help.
 */
export type ObjectFault = 'missing' | 'corrupt' | 'unavailable'

export class ObjectError extends Error {
  readonly fault: ObjectFault
  readonly key: string

  constructor(fault: ObjectFault, key: string, options: { detail?: string; cause?: unknown } = {}) {
    const detail = options.detail === undefined ? '' : `: ${options.detail}`
    super(`object ${key} is ${fault}${detail}`, { cause: options.cause })
    this.name = 'ObjectError'
    this.fault = fault
    this.key = key
  }
}

/** The fault of an error of the object store, else undefined. */
export const objectFault = (error: unknown): ObjectFault | undefined =>
  error instanceof ObjectError ? error.fault : undefined
