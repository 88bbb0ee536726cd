import {
  asClientOrderId,
  asCorrelationId,
  SeededRandom,
  silentLogger,
  systemClock,
  type Fill,
  type LimitOrderRequest,
  type RiskApproved,
} from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import { BaseExchangeFactory, ComponentRegistry } from '@cex-arbitrage/exchanges'
import { createHummingbotVenue } from '@cex-arbitrage/simulator'
import { afterEach, describe, expect, it } from 'vitest'
import { HummingbotBridge } from '../bridge/hummingbot-bridge.js'
import { hummingbotExchangeId } from '../client/hummingbot-exception.js'
import { BreakableLine } from '../testing/breakable-line.js'
import { BridgeClient } from '../testing/bridge-client.js'
import { HurriedClock } from '../testing/hurried-clock.js'
import { registerExchange } from './register-exchange.js'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const secret = (text: string) => ({ reveal: () => text })
const clock = systemClock
const hurry = 20

/** Hummingbot as an exchange, over a line that can be cut, in front of a bridge and a simulated hummingbot-api. */
async function setUp(fillGraceMs: number) {
  const keys = [{ key: 'user', secret: 'password', permission: 'trade' as const }]
  const accounts = [{ id: 'trader', uid: 1, keys, balances: { USDT: '100000', ETH: '50' } }]
  const venue = createHummingbotVenue({ market: { kind: 'manual' }, accounts, hummingbot: { connectorDelayMs: 5 } })
  const { origin } = await venue.start()
  closers.push(() => venue.close())
  const house = { accountId: 'house', symbol: 'ETH/USDT', kind: 'limit', timeInForce: 'gtc' } as const
  venue.core.place({ ...house, side: 'sell', priceTicks: 300_100, quantityLots: 400 })
  venue.core.place({ ...house, side: 'sell', priceTicks: 300_150, quantityLots: 10_000 })
  const bridge = new HummingbotBridge({
    clock,
    random: new SeededRandom(1),
    logger: silentLogger,
    port: 0,
    clientKeys: ['key'],
    upstream: { baseUrl: origin, user: 'user', password: 'password' },
    exchanges: { binance: { accountName: 'master_account', connectorName: 'binance' } },
    polling: { ordersMs: 30, tickerMs: 30, searchMs: 30 },
  })
  const { url } = await bridge.start()
  closers.push(() => bridge.close())
  const witness = await BridgeClient.connect(url, 'key')
  closers.push(async () => witness.close())
  const line = await BreakableLine.open(Number(new URL(url).port))
  closers.push(() => line.close())
  const registry = new ComponentRegistry()
  registerExchange(registry)
  const instruments = [{ symbol: 'ETH/USDT', tickSize: '0.01', lotSize: '0.0001', takerFee: '0.009' }]
  const factory = new BaseExchangeFactory(hummingbotExchangeId, registry, {
    // Waits between attempts to reconnect are seconds.
    clock: new HurriedClock(hurry),
    random: new SeededRandom(5),
    logger: silentLogger,
    webSocketUrl: `ws://127.0.0.1:${line.port}/ws`,
    credentials: { apiKey: secret('key'), secret: secret('') },
    options: { venue: 'binance', framesPerSecond: 1_000, fillGraceMs, instruments },
  })
  closers.push(() => factory.close())
  const { orders, account } = factory.privateExchange('spot')
  const [instrument] = await factory.publicExchange('spot').fetchInstruments()
  const fills: Fill[] = []
  await account.open([instrument!], {
    onOrder: () => undefined,
    onFill: (fill) => void fills.push(fill),
    onBalance: () => undefined,
    onConnected: () => undefined,
    onDisconnected: () => undefined,
  })
  const request = {
    clientOrderId: asClientOrderId('cid-1'),
    correlationId: asCorrelationId('c'),
    type: 'limit',
    instrument: instrument!,
    side: 'buy',
    priceTicks: 300_200,
    quantityLots: 1_000,
    execution: { timeInForce: 'ioc' },
  } as const
  const submit = () =>
    orders.submitOrder(request as unknown as RiskApproved<LimitOrderRequest>, {
      ackTimeoutMs: 3_000 * hurry,
      purpose: 'open',
    })
  return { venue, witness, line, orders, fills, submit, instrument: instrument! }
}

/** What the exchange knows of the fills of the one order. */
const truthOf = (venue: Awaited<ReturnType<typeof setUp>>['venue']) =>
  venue
    .truth()
    .orders[0]!.fills.map(({ price, quantity, fee, feeAsset }) => [
      Number(price),
      Number(quantity),
      Number(fee),
      feeAsset,
    ])

const termsOf = (fills: readonly Fill[]) =>
  fills.map(({ price, quantity, fee, feeAsset }) => [price.toNumber(), quantity.toNumber(), fee.toNumber(), feeAsset])

describe('fills of Hummingbot over a bridge', () => {
  it('come with the fee that the exchange took, not with the configured rate', async () => {
    const { venue, fills, submit } = await setUp(1_500)
    await submit()
    await waitFor(() => fills.length === 2, 'two fills')
    expect(termsOf(fills)).toEqual(truthOf(venue))
  })

  it.each([0, 1_500])(
    'are known exactly when they were told while the connection was broken, with %i ms of grace',
    async (fillGraceMs) => {
      const { venue, witness, line, orders, fills, submit, instrument } = await setUp(fillGraceMs)
      const { exchangeOrderId } = await submit()
      line.isDown = true
      line.cut()
      await witness.waitForEvents('trade', 2)
      line.isDown = false
      await waitFor(() => fills.length === 2, 'two fills', 8_000)
      expect(termsOf(fills)).toEqual(truthOf(venue))
      expect(await orders.fetchFills({ instrument, exchangeOrderId })).toEqual(fills)
    },
  )
})
