import { type FaultProxy, startFaultProxy } from '../faults/fault-proxy.ts'
import type { Dependencies } from './dependencies.ts'

/** A connection between a process and what it needs, with a fault proxy of its own in it. */
export interface Link {
  readonly from: string
  readonly to: 'postgres' | 'redis' | 'rabbit'
  readonly proxy: FaultProxy
}

const throughPort = (url: string, port: number): string => {
  const through = new URL(url)
  through.port = String(port)
  return through.href
}

const portOf = (url: string): number => Number(new URL(url).port)

/** Where one process finds its dependencies; through proxies when `links` collects them. */
export async function wire(
  name: string,
  { databaseUrl, pooler, redis, rabbit }: Dependencies,
  links: Link[] | undefined,
): Promise<Record<string, string>> {
  async function reach(to: Link['to'], url: string): Promise<string> {
    if (links === undefined) return url
    const proxy = await startFaultProxy({ targetPort: portOf(url) })
    links.push({ from: name, to, proxy })
    return throughPort(url, proxy.port)
  }
  const direct = await reach('postgres', databaseUrl)
  return {
    DATABASE_URL: pooler === undefined ? direct : await reach('postgres', pooler.url),
    DATABASE_DIRECT_URL: direct,
    ...(redis !== undefined && { REDIS_URL: await reach('redis', redis.url) }),
    ...(rabbit !== undefined && { AMQP_URL: await reach('rabbit', rabbit.url) }),
  }
}
