/** Any JSON value as text: a string as it is, everything else as JSON. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

/** A refusal in the venue's words. Routes throw it; the edges turn it into a body, a batch item or an error frame. */
export class GateioRefusal extends Error {
  constructor(
    readonly status: number,
    readonly label: string,
    message: string,
  ) {
    super(message)
  }

  get body(): Readonly<Record<string, string>> {
    return { label: this.label, message: this.message }
  }
}

/** Perpetuals give a `detail`, or the label alone. */
export class FuturesRefusal extends GateioRefusal {
  constructor(status: number, label: string, detail = '') {
    super(status, label, detail)
  }

  override get body(): Readonly<Record<string, string>> {
    return this.message === '' ? { label: this.label } : { label: this.label, detail: this.message }
  }
}

export const missingParam = (name: string): GateioRefusal =>
  new GateioRefusal(400, 'MISSING_REQUIRED_PARAM', `Missing required parameter: ${name}`)

export const invalidParam = (name: string, value: unknown): GateioRefusal =>
  new GateioRefusal(400, 'INVALID_PARAM_VALUE', `Invalid request parameter \`${name}\` value: ${textOf(value)}`)

export const orderNotFound = (reference: string): GateioRefusal =>
  reference.startsWith('t-')
    ? new GateioRefusal(404, 'CLIENT_ID_NOT_FOUND', `Order with client ID ${reference} not found`)
    : new GateioRefusal(404, 'ORDER_NOT_FOUND', 'Order not found')

export const tooManyRequests = (): GateioRefusal =>
  new GateioRefusal(429, 'TOO_MANY_REQUESTS', 'Request rate limit exceeded')
