import type { CursorPage, JsonObject } from './spotify-source.ts'

interface PlayedAt {
  readonly playedAtMs: number
}

/** The Web API remembers no more plays than this (https://github.com/spotify/web-api/issues/627). */
const REMEMBERED_PLAYS = 50

function pick<T extends PlayedAt>(newestFirst: readonly T[], page: CursorPage): T[] {
  const { limit, beforeMs, afterMs } = page
  if (afterMs !== undefined) {
    // Forward paging must not skip: the plays next to the cursor come first.
    const later = newestFirst.filter(({ playedAtMs }) => playedAtMs > afterMs)
    return later.slice(-limit)
  }
  const earlier = newestFirst.filter(({ playedAtMs }) => playedAtMs < (beforeMs ?? Infinity))
  return earlier.slice(0, limit)
}

/**
 * One page of the latest plays, the newest first. A full page always names a next one, even when
 * that one turns out empty, and an empty page has neither cursors nor next
 * (https://github.com/spotify/web-api/issues/1405).
 * @param plays oldest first.
 */
export function recentlyPlayed<T extends PlayedAt>(
  plays: readonly T[],
  page: CursorPage,
  apiUrl: string,
  toJson: (play: T) => JsonObject,
): JsonObject {
  const { limit, beforeMs, afterMs } = page
  const items = pick(plays.slice(-REMEMBERED_PLAYS).reverse(), page)
  const href = `${apiUrl}/me/player/recently-played`
  const own =
    beforeMs !== undefined
      ? `before=${beforeMs}&`
      : afterMs !== undefined
        ? `after=${afterMs}&`
        : ''
  const cursors = {
    after: String(items[0]?.playedAtMs ?? ''),
    before: String(items.at(-1)?.playedAtMs ?? ''),
  }
  const onward = afterMs === undefined ? `before=${cursors.before}` : `after=${cursors.after}`
  return {
    href: `${href}?${own}limit=${limit}`,
    items: items.map(toJson),
    limit,
    next: items.length === limit ? `${href}?${onward}&limit=${limit}` : null,
    cursors: items.length === 0 ? null : cursors,
  }
}
