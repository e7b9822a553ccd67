/** The cache: what was costly to get and may be a little old. */
export { type Cache, type CacheDependencies, type CacheEntryPolicy, createCache } from './cache.ts'
