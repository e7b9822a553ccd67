/** Redis: connections that never hold anybody up, and a channel that tells when it missed something. */
export { openRedis, type Redis, type RedisOptions } from './redis.ts'
export type { Channel, ChannelListener } from './redis-channel.ts'
