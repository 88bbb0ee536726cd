import type { RestResponse } from '../../../server/rest-exchange.js'

/** One entry of a 422. */
export interface ValidationProblem {
  readonly type: string
  readonly loc: readonly (string | number)[]
  readonly msg: string
  readonly input: unknown
  readonly ctx?: Readonly<Record<string, unknown>>
}

/** Why hummingbot-api answers with an error; `detail` is text, or the list of a 422. */
export class ApiRefusal extends Error {
  constructor(
    readonly status: number,
    readonly detail: string | readonly ValidationProblem[],
  ) {
    super(typeof detail === 'string' ? detail : 'validation failed')
  }

  get response(): RestResponse {
    const headers = this.status === 401 ? { 'WWW-Authenticate': 'Basic' } : {}
    return { status: this.status, body: { detail: this.detail }, headers }
  }
}
