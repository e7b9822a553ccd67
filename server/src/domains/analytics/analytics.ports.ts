import type { FeedPosition } from '#platform/events'

/** Whether a user allows to keep what they do for `analytics`; may be up to a minute old. */
export type AllowsAnalytics = (userId: string) => Promise<boolean>

/** Where the slowest reader of the stored events stands: what lies before was passed on to all. */
export type SlowestReader = () => Promise<FeedPosition>
