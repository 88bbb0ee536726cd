import type { HttpMethod } from './rest-request.js'

/** The exact texts that are about to be transmitted. */
export interface UnsignedRequest {
  readonly method: HttpMethod
  readonly path: string
  /** Encoded as it goes out, without `?`; empty where there is none. */
  readonly queryText: string
  /** Empty where there is none. */
  readonly bodyText: string
  /** The client's wall clock, Unix milliseconds. */
  readonly nowMs: number
  /** 1 for the first. */
  readonly attempt: number
}

/** What a signature adds. */
export interface RequestSignature {
  readonly headers?: Readonly<Record<string, string>>
  /** Encoded, without leading `&`; put after the query as it stands. */
  readonly appendQuery?: string
}

/** Signs requests. Called anew for each attempt, so that a retry has a fresh time and nonce. */
export interface RequestSigner {
  sign(request: UnsignedRequest): RequestSignature
}
