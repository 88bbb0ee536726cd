import { Decimal, silentLogger, systemClock, systemRandom } from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import { loadConfig, type EngineConfig } from '@cex-arbitrage/config'
import {
  createGateioVenue,
  createHummingbotVenue,
  defaultSymbols,
  type SyntheticMarketChoice,
  type VenueHost,
} from '@cex-arbitrage/simulator'
import { EngineHost } from '../lifecycle/engine-host.js'
import type { StatusSnapshot } from '../status/status-snapshot.js'

const symbols = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT']
const market: SyntheticMarketChoice = {
  kind: 'synthetic',
  dislocations: { slotMs: 1_000, probability: 1, minBps: 60, maxBps: 120, exchanges: ['gateio', 'hummingbot'] },
}
const latency = { requestMs: 4, ackMs: 4, fillMs: 3, streamMs: 2, jitter: 0.3 }
const maxResidualNotional = 20
/** The longest wait before an attempt to reconnect, and the time to ask about what was open. */
const recoveryMs = 80_000

/** Gate.io and one venue behind Hummingbot, both simulated and of one market, with an engine between them. */
export class HummingbotPair {
  readonly engine: EngineHost
  private readonly before: ReadonlyMap<string, Decimal>
  private last: StatusSnapshot | undefined

  private constructor(
    readonly gateio: VenueHost,
    readonly hummingbot: VenueHost,
    config: EngineConfig,
  ) {
    this.engine = new EngineHost({ config, clock: systemClock, random: systemRandom, logger: silentLogger })
    this.before = this.totals()
  }

  static async start(seed: number, journalFolder: string): Promise<HummingbotPair> {
    const gateio = createGateioVenue({ seed, market, latency })
    const hummingbot = createHummingbotVenue({ seed, market, latency })
    const [left, right] = await Promise.all([gateio.start(), hummingbot.start()])
    const listed = defaultSymbols.filter(({ base, quote }) => symbols.includes(`${base}/${quote}`))
    const overrides = {
      mode: 'live',
      plugins: ['@cex-arbitrage/hummingbot'],
      instruments: symbols,
      exchanges: {
        mexc: { enabled: false },
        gateio: { urls: { rest: left.origin, websocket: left.ws } },
        hummingbot: {
          urls: { websocket: right.ws },
          options: {
            venue: 'binance',
            immediateMs: 50,
            requestTimeoutMs: 500,
            framesPerSecond: 200,
            instruments: listed.map(({ base, quote, tickSize, lotSize, makerFee, takerFee }) => ({
              symbol: `${base}/${quote}`,
              tickSize,
              lotSize,
              minNotional: '5',
              makerFee,
              takerFee,
            })),
          },
        },
      },
      journal: { folder: journalFolder },
      database: { enabled: false },
      server: { enabled: false },
      logging: { level: 'silent' },
      killSwitch: { file: '/nonexistent/kill' },
      risk: { maxResidualNotional, maxConsecutiveFailures: 1_000, maxDailyLoss: 100_000 },
      strategies: [{ type: 'spot-spot', coolDownMs: 100 }],
      execution: {
        watchdog: { enabled: false },
        absentAfterMs: 1_500,
        lateFillWatchMs: 10_000,
        maxConcurrentTrades: 2,
      },
    }
    const env = {
      CEX_ARBITRAGE_LIVE__ARMED: 'true',
      CEX_ARBITRAGE_EXCHANGES__GATEIO__API_KEY: left.apiKey,
      CEX_ARBITRAGE_EXCHANGES__GATEIO__SECRET: left.secret,
      CEX_ARBITRAGE_EXCHANGES__HUMMINGBOT__API_KEY: right.apiKey,
      CEX_ARBITRAGE_EXCHANGES__HUMMINGBOT__SECRET: right.secret,
    }
    const pair = new HummingbotPair(gateio, hummingbot, loadConfig({ env, overrides, arm: true }))
    await pair.engine.start()
    return pair
  }

  /** Trades that have ended, by their end. */
  get trades(): Readonly<Record<string, number>> {
    return this.engine.status().trades.byEnd
  }

  get halts(): StatusSnapshot['halts'] {
    return (this.last ?? this.engine.status()).halts
  }

  /** Ends the engine and compares what it believes with what the venues know; empty when nothing is wrong. */
  async stopAndJudge(): Promise<readonly string[]> {
    for (const host of this.hosts) host.faults.clear()
    const isCalm = (): boolean =>
      this.engine.status().exchanges.every(({ openOrders, accountConnected }) => openOrders === 0 && accountConnected)
    await waitFor(isCalm, 'both accounts without orders', recoveryMs)
    const proof = await this.engine.stop()
    this.last = this.engine.status()
    const problems: string[] = []
    for (const { exchange, openOrders } of proof.exchanges)
      if (openOrders > 0) problems.push(`${openOrders} orders rest on ${exchange}, says the engine`)
    return [...problems, ...this.judgeOrders(), ...this.judgeLedger(), ...this.judgeResidual()]
  }

  async close(): Promise<void> {
    await Promise.all(this.hosts.map((host) => host.close()))
  }

  private get hosts(): readonly VenueHost[] {
    return [this.gateio, this.hummingbot]
  }

  private judgeOrders(): string[] {
    const problems: string[] = []
    for (const host of this.hosts) {
      const own = host.truth().orders.filter(({ accountId }) => accountId === 'trader')
      const ids = own.map(({ clientOrderId }) => clientOrderId)
      if (new Set(ids).size !== ids.length) problems.push(`${host.exchange} has taken one client order id twice`)
      for (const { clientOrderId, status } of own)
        if (status === 'open' || status === 'partially_filled')
          problems.push(`${clientOrderId} rests on ${host.exchange}`)
    }
    return problems
  }

  /** To the last unit in what was traded; a quote amount may differ where a halt names exactly what the exchange holds. */
  private judgeLedger(): string[] {
    const problems: string[] = []
    for (const { exchange, asset, total } of this.last!.balances) {
      const truth = this.held(exchange, asset)
      if (truth.equals(Decimal.parse(total))) continue
      const named = this.halts.some(({ detail }) => detail.includes(`${total} ${asset} on ${exchange}`))
      if (asset !== 'USDT' || !named) problems.push(`${exchange} ${asset}: ledger ${total}, truth ${truth.toString()}`)
    }
    return problems
  }

  /** No leg is left without its other beyond the bound, unless a halt names it. */
  private judgeResidual(): string[] {
    const problems: string[] = []
    const trades = Object.values(this.last!.trades.byEnd).reduce((sum, count) => sum + count, 0)
    const bound = maxResidualNotional * Math.max(1, trades)
    for (const [asset, total] of this.totals()) {
      if (asset === 'USDT') continue
      const moved = total.minus(this.before.get(asset) ?? Decimal.zero)
      const [bid] = this.gateio.truth().books[`${asset}/USDT`]?.bids ?? []
      const worth = moved.abs().toNumber() * (bid === undefined ? 0 : Number(bid[0]))
      if (worth > bound && !this.halts.some(({ rule }) => rule === 'residual'))
        problems.push(`${moved.toString()} ${asset} is left open, worth ${worth.toFixed(2)} USDT, and no halt names it`)
    }
    return problems
  }

  private held(exchange: string, asset: string): Decimal {
    const host = this.hosts.find((each) => each.exchange === exchange)!
    const balance = host.truth().accounts['trader']![asset]
    return balance === undefined ? Decimal.zero : Decimal.parse(balance.free).plus(Decimal.parse(balance.locked))
  }

  private totals(): ReadonlyMap<string, Decimal> {
    const assets = this.hosts.flatMap((host) => Object.keys(host.truth().accounts['trader']!))
    const sum = (asset: string): Decimal =>
      this.hosts.reduce((total, { exchange }) => total.plus(this.held(exchange, asset)), Decimal.zero)
    return new Map([...new Set(assets)].map((asset) => [asset, sum(asset)]))
  }
}
