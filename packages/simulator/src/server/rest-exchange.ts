/** One request as it came over the wire. */
export interface RestRequest {
  /** Upper case. */
  readonly method: string
  /** Decoded path, without query. */
  readonly path: string
  /** Path as it was sent. */
  readonly rawPath: string
  /** Query as it was sent, without `?`. */
  readonly rawQuery: string
  readonly query: URLSearchParams
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** UTF-8 text. */
  readonly body: string
  readonly ip: string
  /** Wall clock of the venue, milliseconds. */
  readonly receivedAtMs: number
}

export interface RestResponse {
  readonly status: number
  /** JSON value; a string is sent as it is, with `contentType`. */
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** `application/json` when absent. */
  readonly contentType?: string
  /** Pattern of the route that answered, for the counters. */
  readonly route?: string
}

export type RestHandler = (request: RestRequest) => RestResponse | Promise<RestResponse>
