import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv6 } from 'node:net'

/** Whether an address is one of the networks: addresses and CIDR ranges, as the configuration has them. */
export function networkCheck(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix] = network.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

/**
 * Who sent a request: the peer or, of what trusted proxies have noted in `X-Forwarded-For`, the last
 * that none of them is. Anything further to the left was written by whoever that is.
 */
export function clientAddress(
  { socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>,
  isTrusted: (address: string) => boolean,
): string {
  let address = socket.remoteAddress ?? ''
  if (!isTrusted(address)) return address
  const forwarded = String(headers['x-forwarded-for'] ?? '').split(',')
  for (const entry of forwarded.toReversed()) {
    const next = entry.trim()
    if (next === '') break
    address = next
    if (!isTrusted(address)) break
  }
  return address
}
