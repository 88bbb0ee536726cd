import { Decimal } from '@cex-arbitrage/common'

import { GateioRefusal, invalidParam, missingParam } from './gateio-refusal.js'

export type JsonObject = Readonly<Record<string, unknown>>

const plainDecimal = /^\d+(\.\d+)?$/

/** @throws {@link GateioRefusal} when the body is no JSON object. */
export function parseObject(body: string): JsonObject {
  const value = parseJson(body)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new GateioRefusal(400, 'INVALID_REQUEST_BODY', 'Invalid request body')
  return value as JsonObject
}

/** @throws {@link GateioRefusal} when the body is no JSON array of objects. */
export function parseList(body: string): readonly JsonObject[] {
  return asList(parseJson(body))
}

/** @throws {@link GateioRefusal} when the value is no array of objects. */
export function asList(value: unknown): readonly JsonObject[] {
  const isList = Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null)
  if (!isList) throw new GateioRefusal(400, 'INVALID_REQUEST_BODY', 'Invalid request body')
  return value as JsonObject[]
}

/** @throws {@link GateioRefusal} when the body is no JSON. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new GateioRefusal(400, 'INVALID_REQUEST_BODY', 'Invalid request body')
  }
}

/** A text that must be there. */
export function requiredText(from: JsonObject, name: string): string {
  const value = from[name]
  if (value === undefined || value === null || value === '') throw missingParam(name)
  if (typeof value !== 'string') throw invalidParam(name, value)
  return value
}

/** A text out of a closed set, or `fallback`. */
export function optionalEnum<T extends string>(from: JsonObject, name: string, allowed: readonly T[], fallback: T): T {
  const value = from[name]
  if (value === undefined || value === null || value === '') return fallback
  if (!allowed.includes(value as T)) throw invalidParam(name, value)
  return value as T
}

/** A positive decimal in plain notation, sent as text. */
export function requiredAmount(from: JsonObject, name: string): Decimal {
  const value = from[name]
  if (value === undefined || value === null || value === '') throw missingParam(name)
  const parsed = typeof value === 'string' && plainDecimal.test(value) ? Decimal.parse(value) : undefined
  if (parsed === undefined || parsed.sign <= 0) throw invalidParam(name, value)
  return parsed
}

/** A whole number in `[min, max]`, or `fallback` when absent. */
export function wholeNumber(from: JsonObject, name: string, min: number, max: number, fallback: number): number {
  const value = from[name]
  if (value === undefined || value === null || value === '') return fallback
  const parsed = Number(value)
  if (!Number.isInteger(parsed) || parsed < min || parsed > max) throw invalidParam(name, value)
  return parsed
}

/** `from` and `to` of a listing, milliseconds. */
export function timeRange(from: JsonObject): { readonly fromMs: number; readonly toMs: number } {
  const fromS = wholeNumber(from, 'from', 0, Number.MAX_SAFE_INTEGER, 0)
  const toS = wholeNumber(from, 'to', 0, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  if (toS < fromS) throw invalidParam('to', toS)
  return { fromMs: fromS * 1000, toMs: toS * 1000 + 999 }
}

/** One page of a list, from `page` (1) and `limit` (100). */
export function pageOf<T>(items: readonly T[], from: JsonObject, maxLimit: number): T[] {
  const limit = wholeNumber(from, 'limit', 1, maxLimit, 100)
  const page = wholeNumber(from, 'page', 1, Number.MAX_SAFE_INTEGER, 1)
  if (limit * (page - 1) > 100_000) throw invalidParam('page', page)
  return items.slice(limit * (page - 1), limit * page)
}

/** The query as one object; the last of repeated names counts. */
export const queryObject = (query: URLSearchParams): JsonObject => Object.fromEntries(query)
