/** Why the WebSocket protocol answers `error`. The `code` is one of its categories. */
export class ProtocolRefusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly data?: Readonly<Record<string, unknown>>,
  ) {
    super(message)
  }
}

export const invalidOrder = (message: string): ProtocolRefusal => new ProtocolRefusal('invalid_order', message)
