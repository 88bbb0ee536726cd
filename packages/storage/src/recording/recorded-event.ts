/**
 * What happened at the border between the engine and the world. The first group came in and is played back; the second
 * went out and is compared; marks tell what was done to the engine from outside.
 *
 * A number on disk is the index here, so the order never changes and new kinds go to the end.
 */
export const eventKinds = [
  'socket_open',
  'socket_text',
  'socket_binary',
  'socket_pong',
  'socket_error',
  'socket_close',
  'socket_refused',
  'http_start',
  'http_head',
  'http_data',
  'http_end',
  'http_error',
  'http_warm',
  'http_cold',
  'sent_socket',
  'sent_message',
  'sent_request',
  'mark',
] as const

export type EventKind = (typeof eventKinds)[number]

/** Whether the engine did it; everything else was done to it. */
export const isOutgoing = (kind: EventKind): boolean => kind.startsWith('sent_')

/** One event. `data` is valid until the next one is read. */
export interface RecordedEvent {
  /** Microseconds since the start of the recording; never less than that of the event before. */
  readonly atUs: number
  readonly kind: EventKind
  /** Number of the socket, request or transport that it belongs to, in order of making; 0 for marks. */
  readonly channel: number
  readonly data: Buffer
}
