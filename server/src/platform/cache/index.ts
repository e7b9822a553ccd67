/** The cache: what was costly to get and may be a little old. */
export { type Aged, type Cache, createCache, type Loading } from './cache.ts'
