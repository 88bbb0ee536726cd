/** Status codes of RFC 6455, 7.4.1, as this end uses them. */
export const closeCode = {
  normal: 1000,
  protocolError: 1002,
  /** Never sent: a close frame came without a code. */
  noStatus: 1005,
  /** Never sent: the connection ended without a close frame. */
  abnormal: 1006,
  invalidPayload: 1007,
  messageTooBig: 1009,
} as const

/** The other side broke the protocol; the connection is closed with `code`. */
export class ProtocolViolation extends Error {
  constructor(
    message: string,
    readonly code: number = closeCode.protocolError,
  ) {
    super(message)
    this.name = 'ProtocolViolation'
  }
}
