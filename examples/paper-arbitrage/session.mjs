// The run that is recorded and replayed: MEXC and Gate.io over a given network, spot-spot arbitrage, accounts on paper.
import { Decimal, SeededRandom, silentLogger } from '@cex-arbitrage/common'
import { ComponentRegistry, FactoryManager } from '@cex-arbitrage/exchanges'
import { gateioExchangeId, registerExchange as registerGateio } from '@cex-arbitrage/exchanges/gateio'
import { mexcExchangeId, registerExchange as registerMexc } from '@cex-arbitrage/exchanges/mexc'
import { SpotSpotStrategy } from '@cex-arbitrage/trading'
import { createPaperEngine, limits } from '../support/paper-engine.mjs'

/** @import { Clock } from '@cex-arbitrage/common' */
/** @import { ExchangeNetwork } from '@cex-arbitrage/exchanges' */
/** @import { SpotSpotOptions, TradeOutcome } from '@cex-arbitrage/trading' */

export const symbol = 'BTC/USDT'
/** Of the local exchanges while they were recorded; nothing listens there in a replay. */
export const ports = { [mexcExchangeId]: 18_101, [gateioExchangeId]: 18_102 }
const shutdownMs = 5_000

/** @type {SpotSpotOptions} */
const options = {
  ...limits,
  minNetEdgeBps: 2,
  minNotional: Decimal.of(10),
  maxNotional: Decimal.of(500),
  unwindMargin: Decimal.parse('0.02'),
  maxSurplusNotional: Decimal.of(5),
  slackShare: Decimal.parse('0.5'),
  legOrder: 'concurrent',
  coolDownMs: 200,
  failureCoolDownMs: 1_000,
}

export class Session {
  /** @param {Clock} clock @param {ExchangeNetwork} network @param {(outcome: TradeOutcome) => void} onOutcome */
  constructor(clock, network, onOutcome) {
    this.clock = clock
    this.onOutcome = onOutcome
    const random = new SeededRandom(1)
    this.exchanges = new FactoryManager(new ComponentRegistry(), (exchange) => {
      const address = `127.0.0.1:${ports[exchange]}`
      const webSocketUrl = exchange === mexcExchangeId ? `ws://${address}/ws` : `ws://${address}/ws/v4/`
      return { clock, random, logger: silentLogger, restUrl: `http://${address}`, webSocketUrl, network }
    })
    this.exchanges.register(registerMexc)
    this.exchanges.register(registerGateio)
  }

  /** Reads the instruments, subscribes the books, and begins to trade. */
  async start() {
    const { clock, onOutcome } = this
    this.engine = await createPaperEngine({
      clock,
      seed: 2,
      symbol,
      exchanges: [mexcExchangeId, gateioExchangeId].map((exchange) => this.exchanges.publicExchange(exchange, 'spot')),
      balances: { USDT: '20000', BTC: '0.3' },
      createStrategy: (sources) => new SpotSpotStrategy({ ...sources, options }),
      onOutcome,
    })
    await this.engine.start()
  }

  /** Ends what is open. */
  async stop() {
    await this.engine?.stop(shutdownMs)
  }

  /** What has come of it. */
  status() {
    if (this.engine === undefined) throw new Error('The session has not been started.')
    return this.engine.status()
  }
}
