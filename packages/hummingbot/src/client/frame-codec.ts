import { HummingbotException } from './hummingbot-exception.js'
import { MAX_LOGGED_CHARACTERS } from './protocol-constants.js'

/** A decoded JSON object. */
export type FrameObject = Readonly<Record<string, unknown>>

/**
 * One request as the text of its frame (R4.1).
 *
 * @throws {@link HummingbotException} `invalid_order`: it cannot be written as JSON; nothing was sent.
 */
export function encodeFrame(frame: FrameObject): string {
  try {
    return JSON.stringify(frame, assertEncodable)
  } catch (cause) {
    throw new HummingbotException({
      message: `Failed to serialize message: ${(cause as Error).message}`,
      category: 'invalid_order',
      isUnsent: true,
      cause,
    })
  }
}

/** What a frame turned out to be. */
export type DecodedFrame =
  | { readonly kind: 'object'; readonly value: FrameObject }
  | { readonly kind: 'unreadable'; readonly reason: string; readonly excerpt: string; readonly length: number }
  | { readonly kind: 'unexpected'; readonly reason: string; readonly excerpt: string; readonly length: number }

/**
 * Decodes the text of a frame; never throws (R4.2). `NaN` and the infinities are no JSON and so unreadable (R4.3).
 * The excerpt is not redacted.
 */
export function decodeFrame(text: string): DecodedFrame {
  const about = { excerpt: text.slice(0, MAX_LOGGED_CHARACTERS), length: text.length }
  if (text === '') return { kind: 'unexpected', reason: 'the frame is empty', ...about }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The engine's own message may quote the frame, and so the key; the reason is told without it.
    return { kind: 'unreadable', reason: 'Failed to parse response: the frame is not JSON', ...about }
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return { kind: 'object', value: value as FrameObject }
  return { kind: 'unexpected', reason: 'the frame is no object', ...about }
}

function assertEncodable(name: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${name} is not finite`)
  if (typeof value === 'bigint') throw new TypeError(`${name} is a bigint; give it as text`)
  if (typeof value === 'function' || typeof value === 'symbol') throw new TypeError(`${name} is a ${typeof value}`)
  return value
}
