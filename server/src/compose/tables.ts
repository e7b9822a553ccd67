import type { AnalyticsTables, LakeTables } from '#domains/analytics'
import type { IdentityTables } from '#domains/identity'
import type { LanguageTables } from '#domains/language'
import type { LyricsTables } from '#domains/lyrics'
import type { MusicTables } from '#domains/music'
import type { ProfileTables } from '#domains/profile'
import type { RecommendationTables } from '#domains/recommendations'
import type { EventTables } from '#platform/events'

/** Every table there is; each store is given its own domain's only. */
export type Tables = IdentityTables &
  ProfileTables &
  MusicTables &
  LyricsTables &
  LanguageTables &
  RecommendationTables &
  AnalyticsTables &
  LakeTables &
  EventTables
