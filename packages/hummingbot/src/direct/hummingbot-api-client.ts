import { healthSchema, openApiSchema } from './api-schemas.js'
import { ApiTransport, readOrigin, type HummingbotApiOptions } from './api-transport.js'
import { AccountsApi, MarketDataApi, PortfolioApi } from './data-apis.js'
import { HummingbotApiStream, type HummingbotApiStreamOptions } from './hummingbot-api-stream.js'
import { BotsApi, ExecutorsApi } from './operation-apis.js'
import { TradingApi } from './trading-api.js'

/**
 * A direct client of hummingbot-api: REST in groups, and its WebSockets. Only what has no effects is repeated. Whatever
 * fails is a {@link HummingbotException} with `httpStatus`, the server's `detail` and a `category`; a failure inside a
 * 200 too.
 *
 * @example
 * const api = new HummingbotApiClient({ baseUrl: 'http://localhost:8000', username, password, clock, logger })
 * const { order_id } = await api.trading.placeOrder(order)
 * const verdict = await api.trading.awaitAcknowledged(order_id, order)
 * await api.close()
 */
export class HummingbotApiClient {
  readonly trading: TradingApi
  readonly marketData: MarketDataApi
  readonly portfolio: PortfolioApi
  readonly accounts: AccountsApi
  readonly bots: BotsApi
  readonly executors: ExecutorsApi
  private readonly transport: ApiTransport
  private paths: Promise<ReadonlySet<string>> | undefined

  /** @throws {@link HummingbotValidationException} */
  constructor(private readonly options: HummingbotApiOptions) {
    this.transport = new ApiTransport(readOrigin(options.baseUrl), options)
    this.trading = new TradingApi(this.transport)
    this.marketData = new MarketDataApi(this.transport)
    this.portfolio = new PortfolioApi(this.transport)
    this.accounts = new AccountsApi(this.transport)
    this.bots = new BotsApi(this.transport)
    this.executors = new ExecutorsApi(this.transport)
  }

  /** Name, version and status; needs no password. */
  fetchHealth() {
    return this.transport.get('/', healthSchema)
  }

  /** Routes that this server has, from its OpenAPI document; read once. */
  fetchPaths(): Promise<ReadonlySet<string>> {
    this.paths ??= this.transport.get('/openapi.json', openApiSchema).then(({ paths }) => new Set(Object.keys(paths)))
    this.paths.catch(() => {
      this.paths = undefined
    })
    return this.paths
  }

  /** A socket of `/ws/market-data` or `/ws/executors`; the caller connects and closes it. */
  createStream(
    options: Omit<HummingbotApiStreamOptions, 'baseUrl' | 'authorization' | 'clock' | 'logger'>,
  ): HummingbotApiStream {
    return new HummingbotApiStream({
      baseUrl: this.transport.baseUrl,
      authorization: this.transport.authorization,
      clock: this.options.clock,
      logger: this.options.logger,
      ...(this.options.tls !== undefined && { tls: this.options.tls }),
      ...options,
    })
  }

  /** What may be shown. */
  toJSON(): Readonly<Record<string, unknown>> {
    return { baseUrl: this.transport.baseUrl }
  }

  /** Lets requests under way finish. */
  close(): Promise<void> {
    return this.transport.close()
  }
}
