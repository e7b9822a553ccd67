import type { Kysely } from 'kysely'
import { cursorStore } from './cursor.store.ts'
import type { EventTables } from './event.tables.ts'
import type { FeedLag } from './event-metrics.ts'
import { cursorNames, type EventParties } from './event-readers.ts'
import { FEED_START } from './feed.ts'

/** How far each reader of each feed lags behind. */
export async function lagOf(
  db: Kysely<EventTables>,
  parties: EventParties,
  bus: { hasBroker: boolean },
): Promise<FeedLag[]> {
  const cursors = cursorStore(db)
  const lags = parties.feeds.flatMap((feed) =>
    cursorNames(parties, feed, bus).map(async (consumer): Promise<FeedLag> => {
      const position = (await cursors.find(feed.name, consumer)) ?? FEED_START
      return { feed: feed.name, consumer, ...(await feed.backlog(position)) }
    }),
  )
  return Promise.all(lags)
}
