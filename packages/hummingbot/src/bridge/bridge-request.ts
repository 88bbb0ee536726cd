import { MAX_PAGE_SIZE } from '../client/protocol-constants.js'
import { type BridgeRefusal, invalidOrder } from './bridge-refusal.js'

/** One request of a client. */
export interface BridgeRequest {
  /** As text; `undefined` when the frame has none. */
  readonly id: string | undefined
  readonly type: string
  readonly members: Readonly<Record<string, unknown>>
}

/** @returns `undefined` when the text is no JSON object. */
export function parseBridgeRequest(text: string): BridgeRequest | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const members = value as Record<string, unknown>
  const { id, type } = members
  return {
    id: typeof id === 'string' || typeof id === 'number' ? String(id) : undefined,
    type: typeof type === 'string' ? type : '',
    members,
  }
}

/** A whole number from 1 to 1000. @throws {@link BridgeRefusal} */
export function readCount({ members }: BridgeRequest, name: 'limit' | 'depth', absent: number): number {
  const value = members[name] ?? absent
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_PAGE_SIZE) return value
  throw invalidOrder(`Invalid ${name}: ${JSON.stringify(value)}`)
}

/** A text that is not empty. @throws {@link BridgeRefusal} */
export function readText({ members }: BridgeRequest, name: string, message: string): string {
  const value = members[name]
  if (typeof value !== 'string' || value === '') throw invalidOrder(message)
  return value
}

/** What a request is answered with. */
export interface BridgeAnswer {
  readonly message?: string
  readonly data?: unknown
}

export const successFrame = (id: string | undefined, { message, data }: BridgeAnswer): string =>
  JSON.stringify({ id, status: 'success', message, data })

export const errorFrame = (id: string | undefined, { category, message, data }: BridgeRefusal): string =>
  JSON.stringify({ id, status: 'error', message, code: category, data })
