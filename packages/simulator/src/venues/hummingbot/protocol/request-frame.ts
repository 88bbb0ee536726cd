import { Decimal } from '@cex-arbitrage/common'

import { maxPageSize } from '../constants.js'
import { invalidOrder } from './protocol-refusal.js'

/** One request as it came. */
export interface RequestFrame {
  /** As text; `undefined` when there is none. */
  readonly id: string | undefined
  readonly type: string
  readonly members: Readonly<Record<string, unknown>>
}

/** Reads a frame; `undefined` when it is no JSON object. */
export function parseRequest(text: string): RequestFrame | undefined {
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

/** A text that must be there. */
export function requireText({ members }: RequestFrame, name: string, message: string): string {
  const value = members[name]
  if (typeof value !== 'string' || value === '') throw invalidOrder(message)
  return value
}

/** A whole number from 1 to 1000. */
export function readCount({ members }: RequestFrame, name: string, absent: number): number {
  const value = members[name] ?? absent
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > maxPageSize)
    throw invalidOrder(`Invalid ${name}: ${JSON.stringify(value)}`)
  return value
}

/** Decimal text above zero; `amount` or `price`. */
export function readPositive({ members }: RequestFrame, name: 'amount' | 'price'): Decimal {
  const value = members[name]
  const plain = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Decimal.tryParse(value) : undefined
  const word = name === 'amount' ? 'Amount' : 'Price'
  if (plain === undefined) throw invalidOrder(`Invalid ${name}: ${String(value)}`)
  if (plain.isZero) throw invalidOrder(`${word} must be positive`)
  return plain
}
