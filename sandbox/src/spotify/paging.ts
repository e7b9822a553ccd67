import type { JsonObject, OffsetPage } from './spotify-source.ts'

export interface PagingInput<T> {
  readonly items: readonly T[]
  readonly page: OffsetPage
  /** Most that the API ever gives, such as 1,000 search results. */
  readonly most?: number
  /** The page's own address. */
  readonly href: string
  readonly hrefAt: (offset: number) => string
  readonly toJson: (item: T) => JsonObject
}

/** A paging object: one page of a list with links to its neighbours. */
export function pagingObject<T>(input: PagingInput<T>): JsonObject {
  const { items, page, href, hrefAt, toJson, most = items.length } = input
  const total = Math.min(items.length, most)
  const end = Math.min(page.offset + page.limit, total)
  return {
    href,
    items: items.slice(page.offset, end).map(toJson),
    limit: page.limit,
    next: end < total ? hrefAt(page.offset + page.limit) : null,
    offset: page.offset,
    previous: page.offset > 0 ? hrefAt(Math.max(0, page.offset - page.limit)) : null,
    total,
  }
}
