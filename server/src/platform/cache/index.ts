/** The cache: what was costly to get and may be a little old. */
export { type Cache, createCache } from './cache.ts'
