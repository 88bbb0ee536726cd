import type { HummingbotErrorCategory } from '../client/error-category.js'

/** Why a request is answered with `error`. Always carries a code, because texts alone are misread (R6). */
export class BridgeRefusal extends Error {
  constructor(
    readonly category: HummingbotErrorCategory,
    message: string,
    readonly data?: Readonly<Record<string, unknown>>,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options)
    this.name = 'BridgeRefusal'
  }
}

export const invalidOrder = (message: string): BridgeRefusal => new BridgeRefusal('invalid_order', message)

/** The order may exist: nothing may be sent again before it is known. */
export const orderStateUnknown = (message: string, cause?: unknown): BridgeRefusal =>
  new BridgeRefusal('connection_error', message, { order_state_unknown: true }, { cause })
