import type { StreamSession } from '../../server/stream-session.js'
import type { Caller } from './authentication.js'
import type { StreamError } from './stream-frames.js'

/** One channel of the venue. Methods answer with an error, or `undefined` when done. */
export interface Channel {
  readonly isPrivate: boolean
  /** Called before the acknowledgement goes out. */
  subscribe(session: StreamSession, payload: unknown, caller?: Caller): StreamError | undefined
  unsubscribe(session: StreamSession, payload: unknown, caller?: Caller): StreamError | undefined
  /** Called once the acknowledgement is out; where first frames belong. */
  acknowledged?(session: StreamSession, payload: unknown): void
  closed(session: StreamSession): void
}

export const invalidArgument = (message: string): StreamError => ({ code: 2, message })

/** The payload as texts, or `undefined` when it is something else. */
export function textsOf(payload: unknown): string[] | undefined {
  if (!Array.isArray(payload)) return undefined
  const texts = payload.map((part: unknown) => (typeof part === 'number' ? String(part) : part))
  return texts.every((part): part is string => typeof part === 'string') ? texts : undefined
}
