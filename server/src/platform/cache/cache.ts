import type { TSchema } from 'typebox'

export interface CachePolicy {
  ttlSeconds: number
  /** How long past its time a value may still be served while its source fails. Default 0. */
  staleSeconds?: number
  /** What the value is about: `deleteByTag` forgets it. Ids only; they are seen in Redis. */
  tags?: readonly string[]
  /**
   * What the value looks like. Only with it is the value shared with other processes, through
   * Redis, and what comes from there is believed only when it fits; without it the value never
   * leaves this process. What grants access must not be shared: Redis could give it back.
   */
  shape?: TSchema
}

/** A value, and whether it is past its time and stands in for one that could not be loaded. */
export interface Aged<T> {
  value: T
  stale: boolean
}

/** What a load may say of the value that it gives. */
export interface Loading {
  /** Keeps the value this long instead of the policy's `ttlSeconds`: it is not new any more. */
  keepFor(seconds: number): void
}

export type Load<T> = (loading: Loading) => Promise<T>

/**
 * Cache-aside: a dead cache is a miss, never an error; equal reads at once run one `load` and share
 * what it gives or throws. What is shared must not be changed.
 */
export interface Cache {
  /**
   * The cached value, or what `load` gives, which is then kept. When `load` fails and a value not
   * older than `ttlSeconds + staleSeconds` is at hand, that value is given instead.
   * @throws whatever `load` throws, when there is nothing to serve.
   */
  through<T>(key: string, policy: CachePolicy, load: Load<T>): Promise<T>
  /** The same, and whether the value is stale. */
  throughAged<T>(key: string, policy: CachePolicy, load: Load<T>): Promise<Aged<T>>
  /**
   * Forgets the value, in every process, and does not keep the one that is being loaded. While
   * Redis is away other processes may serve what they hold until its time is over.
   */
  delete(key: string): Promise<void>
  /** Forgets, in the same way, every value whose policy names this tag. */
  deleteByTag(tag: string): Promise<void>
}
