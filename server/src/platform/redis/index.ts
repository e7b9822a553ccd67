/** Redis: connections that never hold anybody up, and a channel that tells when it missed something. */
export { openRedis, type Redis } from './redis.ts'
export type { Channel } from './redis-channel.ts'
