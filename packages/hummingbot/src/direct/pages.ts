/** One page of a list. */
export interface HummingbotApiPage<T> {
  readonly data: readonly T[]
  readonly pagination: { readonly next_cursor: string | null }
}

/** Pages that an iteration asks for at most. */
export const DEFAULT_MAX_PAGES = 100

/**
 * Walks through a list page by page. Ends at the last page, and also on a cursor that repeats, a page without anything
 * new, or `maxPages`: some servers give the same page for ever.
 */
export async function* iteratePages<T>(
  fetchPage: (cursor: string | undefined) => Promise<HummingbotApiPage<T>>,
  idOf: (item: T) => string,
  maxPages: number = DEFAULT_MAX_PAGES,
): AsyncGenerator<T, void, void> {
  const seen = new Set<string>()
  const cursors = new Set<string>()
  let cursor: string | undefined
  for (let page = 0; page < maxPages; page++) {
    const { data, pagination } = await fetchPage(cursor)
    let isNew = false
    for (const item of data) {
      const id = idOf(item)
      if (seen.has(id)) continue
      seen.add(id)
      isNew = true
      yield item
    }
    const next = pagination.next_cursor
    if (!isNew || next === null || cursors.has(next)) return
    cursors.add(next)
    cursor = next
  }
}
