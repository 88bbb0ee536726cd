import type { CorrelationId } from '@cex-arbitrage/common'
import type { RatePermit } from './rate-permit.js'
import type { RateCost } from './rate-window-spec.js'
import type { RequestPriority } from './request-priority.js'
import type { RequestTimeouts } from './request-timeouts.js'

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** In the order given; `undefined` is left out; lists repeat the name. */
export type QueryParameters = Readonly<
  Record<string, string | number | bigint | boolean | readonly (string | number)[] | undefined>
>

/** Header names are lower-case; a header that came several times is joined by `, `. */
export type ResponseHeaders = Readonly<Record<string, string>>

/** Turns the body text into a value. What it throws becomes an `ExchangeDataException`. */
export type ResponseParser<T> = (bodyText: string) => T

/** One call, before it is signed. */
export interface RestRequest<T> {
  readonly method: HttpMethod
  /** From the root of the origin, without query: `/api/v3/order`. */
  readonly path: string
  /** A text is sent as it is (without `?`). */
  readonly query?: QueryParameters | string
  /** The exact text to send. */
  readonly body?: string | undefined
  /** `application/json` by default where there is a body. */
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Asks for a compressed answer: for bulky ones; `false` by default. */
  readonly compressed?: boolean
  /** Whether the client's signer signs it; `false` by default. */
  readonly signed?: boolean
  /** What it takes from the limiter; nothing by default. */
  readonly costs?: readonly RateCost[]
  readonly priority: RequestPriority
  /** A permit obtained by admission; used for the first attempt in place of waiting. */
  readonly permit?: RatePermit | undefined
  /** Whether doing it twice equals doing it once; `true` for GET, else `false` by default. */
  readonly idempotent?: boolean | undefined
  readonly timeouts?: Partial<RequestTimeouts> | undefined
  readonly correlationId?: CorrelationId | undefined
  /** Its name in metrics, logs and messages; `GET /path` by default. Holds no ids or secrets. */
  readonly endpoint?: string
  readonly parse: ResponseParser<T>
  /** Gives up: nothing sent yet makes it a `retry`, else a `reconcile`. */
  readonly signal?: AbortSignal
}

/** One answer, read and parsed. Times are monotonic microseconds of the client's clock. */
export interface RestResponse<T> {
  readonly status: number
  readonly headers: ResponseHeaders
  readonly bodyText: string
  readonly data: T
  readonly attempts: number
  readonly correlationId: CorrelationId
  /** When the attempt that succeeded was written. */
  readonly sentAtUs: number
  /** When its last byte was here. */
  readonly receivedAtUs: number
}
