import { createHmac } from 'node:crypto'

import { type MexcError, mexcErrors, missingParameter } from './api-error.js'
import type { RequestParameters } from './request-parameters.js'

/** How far a client's clock may run ahead of ours, milliseconds. */
export const maxClockLeadMs = 1000
export const defaultRecvWindowMs = 5000
export const maxRecvWindowMs = 60_000

/** What a signed call is checked against. */
export interface SigningContext {
  readonly secret: string
  /** The venue's clock, Unix milliseconds. */
  readonly serverTimeMs: number
}

/**
 * Checks time and signature of a call in the venue's order: `timestamp` present, `recvWindow` in range, time window,
 * signature present, signature right.
 *
 * @returns the refusal, or `undefined` when the call stands.
 */
export function checkSignedCall(parameters: RequestParameters, context: SigningContext): MexcError | undefined {
  const timestamp = integerOf(parameters.values.get('timestamp'))
  if (timestamp === undefined) return missingParameter('timestamp')
  const windowText = parameters.values.get('recvWindow')
  const recvWindow = windowText === undefined || windowText === '' ? defaultRecvWindowMs : integerOf(windowText)
  if (recvWindow === undefined) return missingParameter('recvWindow')
  if (recvWindow > maxRecvWindowMs) return mexcErrors.recvWindowTooLarge
  if (!isTimely(timestamp, recvWindow, context.serverTimeMs)) return mexcErrors.timestampOutside
  if (parameters.signature === undefined || parameters.signature === '') return missingParameter('signature')
  return parameters.signature === signText(context.secret, parameters.signedText)
    ? undefined
    : mexcErrors.signatureInvalid
}

/** The venue's rule: at most 999 ms ahead, at most `recvWindow` behind. */
export const isTimely = (timestampMs: number, recvWindowMs: number, serverTimeMs: number): boolean =>
  timestampMs < serverTimeMs + maxClockLeadMs && serverTimeMs - timestampMs <= recvWindowMs

/** Lower-case hex HMAC-SHA256, 64 characters. */
export const signText = (secret: string, text: string): string =>
  createHmac('sha256', secret).update(text).digest('hex')

function integerOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined
}
