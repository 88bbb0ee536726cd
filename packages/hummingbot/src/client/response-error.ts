import { categorizeError } from './error-category.js'
import type { FrameObject } from './frame-codec.js'
import { HummingbotException } from './hummingbot-exception.js'
import type { Redactor } from './redactor.js'
import type { HummingbotEnvelope } from './schemas.js'

const unknownText = 'Unknown error'

/** Reads an answer's members from a frame; what has another type counts as absent. */
export function readEnvelope(frame: FrameObject): HummingbotEnvelope {
  const { id, status, message, code, data } = frame
  return {
    ...(id !== undefined && { id: String(id as string | number) }),
    status: typeof status === 'string' ? status : '',
    ...(typeof message === 'string' && { message }),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...('data' in frame && { data }),
  }
}

/** The error that an answer means; `undefined` for a success (A3, R6). Server texts are redacted. */
export function readResponseError(
  envelope: HummingbotEnvelope,
  requestType: string,
  redactor: Redactor,
): HummingbotException | undefined {
  if (envelope.status === 'success') return undefined
  const text = envelope.message === undefined || envelope.message === '' ? unknownText : envelope.message
  const message = redactor.redactText(text)
  const details = (typeof envelope.data === 'object' && envelope.data !== null ? envelope.data : {}) as FrameObject
  const retryAfter = details['retry_after']
  return new HummingbotException({
    message,
    serverMessage: message,
    category: categorizeError(envelope.message, envelope.code),
    requestType,
    requestId: envelope.id,
    serverCode: envelope.code === undefined ? undefined : redactor.redactText(String(envelope.code)),
    ...(typeof retryAfter === 'number' && retryAfter > 0 && { retryAfterMs: retryAfter * 1_000 }),
    orderStateUnknown: details['order_state_unknown'] === true,
  })
}

/** Whether the server says that it knows no such order. */
export function isOrderNotFound(error: HummingbotException): boolean {
  if (error.category !== 'invalid_order') return false
  const code = error.exchangeCode?.toLowerCase().replace(/[\s-]+/g, '_')
  return code === 'order_not_found' || code === '404' || /not found|unknown order|no such order/i.test(error.message)
}
