import type { CexArbitrageException, CorrelationId } from '@cex-arbitrage/common'
import type { HttpMethod, ResponseHeaders } from './rest-request.js'

/** An answer as the error mapper sees it. */
export interface RawResponse {
  readonly status: number
  readonly headers: ResponseHeaders
  readonly bodyText: string
  readonly method: HttpMethod
  readonly path: string
  readonly endpoint: string
  readonly correlationId: CorrelationId
  /** The client's wall clock, Unix milliseconds. */
  readonly nowMs: number
}

/**
 * Says what an answer means when it is an error; asked for every answer, 2xx too. `undefined` means no error for a 2xx,
 * and the standard meaning of the status otherwise. The `recovery` of what it returns decides about retries.
 */
export type ErrorMapper = (response: RawResponse) => CexArbitrageException | undefined
