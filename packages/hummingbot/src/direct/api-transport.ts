import type { Clock, Logger } from '@cex-arbitrage/common'
import { RestClient, type HttpMethod, type QueryParameters, type TlsOptions } from '@cex-arbitrage/networking'
import type { z } from 'zod'
import {
  HummingbotException,
  hummingbotExchangeId,
  HummingbotValidationException,
} from '../client/hummingbot-exception.js'
import { RETRY_BASE_MS } from '../client/protocol-constants.js'
import { describeIssue } from '../client/push-decoder.js'
import { Redactor } from '../client/redactor.js'
import { asApiException, readApiError } from './api-error.js'
import { parseTolerantJson } from './tolerant-json.js'

/** A secret that never prints; `reveal` is called where the header is made. */
export interface RevealableSecret {
  reveal(): string
}

export interface HummingbotApiOptions {
  /** Origin of hummingbot-api: `http://localhost:8000`. */
  readonly baseUrl: string
  readonly username: string
  readonly password: string | RevealableSecret
  readonly clock: Clock
  readonly logger: Logger
  /** Milliseconds for an answer; 30,000 by default, since the server waits for its exchanges. */
  readonly requestTimeoutMs?: number
  /** Requests at once; 10 by default, a third of them kept for what has effects. */
  readonly concurrency?: number
  /** Attempts of a read after the first; 2 by default. What has effects is never repeated. */
  readonly retries?: number
  /** Allows the server's default credentials on a host that is not this machine; `false` by default. */
  readonly allowDefaultCredentials?: boolean
  readonly tls?: TlsOptions
}

const defaultTimeoutMs = 30_000
const defaultConcurrency = 10
const defaultRetries = 2
const maxRetryDelayMs = 60_000
const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Sends requests of hummingbot-api: reads with R1's schedule, what has effects once. */
export class ApiTransport {
  readonly clock: Clock
  readonly logger: Logger
  /** `Basic …`; for sockets. Never printed. */
  readonly #authorization: string
  private readonly reads: RestClient
  private readonly writes: RestClient
  private readonly redactor: Redactor

  /** @throws {@link HummingbotValidationException} An address that is none, or default credentials for another host. */
  constructor(
    private readonly origin: string,
    options: HummingbotApiOptions,
  ) {
    const password = typeof options.password === 'string' ? options.password : options.password.reveal()
    assertCredentials(origin, options, password)
    const token = Buffer.from(`${options.username}:${password}`).toString('base64')
    this.#authorization = `Basic ${token}`
    // The server's default password is a word of its own; hiding it would garble every text with `admin` in it.
    this.redactor = new Redactor(password === 'admin' ? [token] : [password, token])
    this.clock = options.clock
    this.logger = options.logger.child({ component: 'hummingbot-api' })
    const concurrency = options.concurrency ?? defaultConcurrency
    const forWrites = Math.max(1, Math.floor(concurrency / 3))
    this.reads = this.createClient(
      options,
      Math.max(1, concurrency - forWrites),
      (options.retries ?? defaultRetries) + 1,
    )
    this.writes = this.createClient(options, forWrites, 1)
  }

  get authorization(): string {
    return this.#authorization
  }

  get baseUrl(): string {
    return this.origin
  }

  get<T>(path: string, schema: z.ZodType<T>, query?: QueryParameters): Promise<T> {
    return this.send(this.reads, 'GET', path, schema, undefined, query)
  }

  /** A POST that only reads; repeated as a GET is. */
  query<T>(path: string, schema: z.ZodType<T>, body: object): Promise<T> {
    return this.send(this.reads, 'POST', path, schema, body)
  }

  /** What has effects; sent once. */
  command<T>(
    method: 'POST' | 'DELETE',
    path: string,
    schema: z.ZodType<T>,
    body?: object,
    query?: QueryParameters,
  ): Promise<T> {
    return this.send(this.writes, method, path, schema, body, query)
  }

  async close(): Promise<void> {
    await Promise.all([this.reads.close(), this.writes.close()])
  }

  private async send<T>(
    client: RestClient,
    method: HttpMethod,
    path: string,
    schema: z.ZodType<T>,
    body?: object,
    query?: QueryParameters,
  ): Promise<T> {
    const endpoint = `${method} ${path}`
    try {
      const answer = await client.request({
        method,
        path,
        priority: 'account',
        endpoint,
        idempotent: client === this.reads,
        parse: parseTolerantJson,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(query !== undefined && { query }),
      })
      return this.check(answer, schema, endpoint)
    } catch (error) {
      throw asApiException(error, endpoint)
    }
  }

  private check<T>(answer: unknown, schema: z.ZodType<T>, endpoint: string): T {
    const result = schema.safeParse(answer)
    if (result.success) return result.data
    throw new HummingbotException({
      message: this.redactor.redactText(`Unreadable response, ${describeIssue(result.error)}`),
      category: 'server_error',
      requestType: endpoint,
      attempts: 1,
    })
  }

  private createClient(options: HummingbotApiOptions, connections: number, maxAttempts: number): RestClient {
    const timeoutMs = options.requestTimeoutMs ?? defaultTimeoutMs
    return new RestClient({
      origin: this.origin,
      clock: options.clock,
      // The upper end of the range each time: R1's schedule has no jitter.
      random: { next: () => 1 },
      logger: this.logger,
      exchange: hummingbotExchangeId,
      errorMapper: (response) => readApiError(response, this.redactor),
      timeouts: {
        connectMs: timeoutMs,
        headersMs: timeoutMs,
        bodyMs: timeoutMs,
        totalMs: timeoutMs * maxAttempts + maxRetryDelayMs,
      },
      retry: { maxAttempts, backoff: { initialMs: RETRY_BASE_MS, maxMs: maxRetryDelayMs } },
      circuit: false,
      connections,
      spareConnections: 0,
      headers: { authorization: this.#authorization },
      ...(options.tls !== undefined && { socket: { tls: options.tls } }),
    })
  }
}

/** The origin of an address. @throws {@link HummingbotValidationException} */
export function readOrigin(baseUrl: string): string {
  try {
    const url = new URL(baseUrl)
    if ((url.protocol === 'http:' || url.protocol === 'https:') && url.username === '') return url.origin
  } catch {
    // Told below.
  }
  throw new HummingbotValidationException('API address must be an http or https URL without credentials')
}

function assertCredentials(origin: string, options: HummingbotApiOptions, password: string): void {
  if (options.username === '' || password === '')
    throw new HummingbotValidationException('API user and password cannot be empty')
  const isDefault = options.username === 'admin' && password === 'admin'
  if (isDefault && options.allowDefaultCredentials !== true && !loopbackHosts.has(new URL(origin).hostname))
    throw new HummingbotValidationException('Default credentials are refused for a host that is not this machine')
}
