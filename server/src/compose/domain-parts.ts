import { EVENT_FEED } from '#domains/analytics'
import { analyticsParts } from './analytics-parts.ts'
import { eventParts } from './events-parts.ts'
import { identityParts } from './identity-parts.ts'
import { lakeParts } from './lake-parts.ts'
import { languageParts } from './language-parts.ts'
import { lyricsParts } from './lyrics-parts.ts'
import { catalogueParts, musicParts } from './music-parts.ts'
import type { Platform } from './platform-parts.ts'
import { profileParts } from './profile-parts.ts'
import type { Providers } from './provider-parts.ts'
import { recommendationParts } from './recommendation-parts.ts'

export type Domains = ReturnType<typeof domainParts>

/** Every domain, in the order in which one builds on another. */
export function domainParts(platform: Platform, providers: Providers) {
  const identity = identityParts(platform)
  const profile = profileParts(platform, identity)
  const lyrics = lyricsParts(platform, { providers: providers.lyrics })
  const catalogue = catalogueParts(platform)
  const language = languageParts(platform, catalogue)
  const music = musicParts(platform, {
    ...catalogue,
    ...language,
    providers: providers.accounts,
    sessionIsLive: identity.sessions.isLive,
    // Music stands above recommendations, which forget what was made from a link that is gone.
    linkChanged: (userId) => recommendations.recommendations.forget(userId),
  })
  const recommendations = recommendationParts(platform, {
    ...catalogue,
    ...language,
    ...profile,
    ...music,
  })
  const analytics = analyticsParts(platform, {
    ...profile,
    // Months are dropped only once everybody has read them; who reads is known below.
    slowestReader: () => events.events.slowest(EVENT_FEED),
  })
  const lake = lakeParts(platform, {
    ...analytics,
    putAside: (...dead) => events.events.putAside(...dead),
  })
  const events = eventParts(platform, {
    feeds: [analytics.eventFeed],
    consumers: [lake.lakeErasure],
    readers: [lake.lakeWriter],
  })
  return {
    ...identity,
    ...profile,
    ...lyrics,
    ...catalogue,
    ...language,
    ...music,
    ...recommendations,
    ...analytics,
    ...lake,
    ...events,
  }
}
