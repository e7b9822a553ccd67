import type { TSchema } from 'typebox'
import type { Kept } from './stored-entry.ts'

/** Where a value was found; `stale` when its load failed and it stands in for what is not there. */
export type Source = 'l1' | 'l2' | 'load' | 'stale'

/** One read of one key, from the question to the answer. */
export interface Reading {
  readonly key: string
  /** Of the policy's tags, when it began: only a value of these versions will do. */
  readonly versions: string
  /** Of a value that processes share. */
  readonly shape: TSchema | undefined
  source: Source
  /** The key was forgotten since: what it loads is given to those who wait, and not kept. */
  isOutdated: boolean
  loaded?: Kept
  /** Whether what it got was handed on to be kept. */
  isKept: boolean
  /** Whether this process loads it for all. */
  isLead: boolean
}

export const newReading = (key: string, versions: string, shape: TSchema | undefined): Reading => ({
  key,
  versions,
  shape,
  source: 'l1',
  isOutdated: false,
  isKept: false,
  isLead: false,
})
