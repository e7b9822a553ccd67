/** The cache: what was costly to get and may be a little old; in memory, and shared through Redis. */
export type { Aged, Cache, Loading } from './cache.ts'
export { createCache } from './create-cache.ts'
export { userTag } from './user-tag.ts'
