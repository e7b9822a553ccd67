import type { IncomingHttpHeaders } from 'node:http'
import type { Browser } from './link-attempts.ts'

const NAME = 'link_browser'
const MAX_AGE_SECONDS = 600
const VALUE = new RegExp(`(?:^|;\\s*)${NAME}=([\\w-]{1,100})(?:;|$)`)

/**
 * The cookie that ties an attempt to the browser it began in. `Lax`, since it must come along when
 * the provider sends the browser back; no script ever reads it.
 */
export function browserCookie(token: string, publicUrl: string): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : ''
  return `${NAME}=${token}; Path=/; Max-Age=${MAX_AGE_SECONDS}; HttpOnly; SameSite=Lax${secure}`
}

/** Makes the browser forget the cookie. */
export const clearedBrowserCookie = `${NAME}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`

/** For a page, and not for an answer that a program reads. */
export const wantsPage = ({ accept }: IncomingHttpHeaders) =>
  accept?.toLowerCase().includes('text/html') === true

/**
 * Browsers leave `Sec-Fetch-*` out where the address is plain HTTP and not the machine's own
 * (https://www.w3.org/TR/fetch-metadata/), but ask for a page wherever they are led.
 */
export function browserOf(headers: IncomingHttpHeaders): Browser {
  return {
    token: VALUE.exec(headers.cookie ?? '')?.[1],
    navigated: headers['sec-fetch-mode'] === 'navigate' || wantsPage(headers),
  }
}
