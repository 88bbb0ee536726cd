import type { RequestBody } from './request-body.js'

const defaultLimit = 100

/** What a request says about paging. */
export interface PageRequest {
  readonly limit: number
  readonly cursor: string | undefined
}

export const readPage = (body: RequestBody): PageRequest => {
  const cursor = body.text('cursor', '')
  return { limit: body.count('limit', defaultLimit), cursor: cursor === '' ? undefined : cursor }
}

/** One page; the cursor is the number of items before the next one. An unknown cursor starts again. */
export function pageOf(items: readonly object[], { limit, cursor }: PageRequest): object {
  const from = cursor !== undefined && /^\d+$/.test(cursor) ? Number(cursor) : 0
  const data = items.slice(from, from + limit)
  const hasMore = from + limit < items.length
  const next = hasMore ? String(from + limit) : null
  return { data, pagination: { limit, has_more: hasMore, next_cursor: next, total_count: items.length } }
}

/** The first page whatever the cursor says, and always the same cursor: the order search of a version with that fault. */
export function stuckPageOf(items: readonly object[], { limit }: PageRequest): object {
  const visible = items.slice(0, 2 * limit)
  const hasMore = visible.length > limit
  const pagination = { limit, has_more: hasMore, next_cursor: hasMore ? 'next' : null, total_count: visible.length }
  return { data: visible.slice(0, limit), pagination }
}
