import { ConfigurationException, RateLimitException } from '@cex-arbitrage/common'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ComponentRegistry } from '../../factory/component-registry.js'
import { FactoryManager } from '../../factory/factory-manager.js'
import { createTestInstrument } from '../../testing/test-instrument.js'
import { LocalVenue } from '../../testing/local-venue.js'
import { answerMexcText } from './fixtures/subscription-answer.js'
import { mexcExchangeId, registerExchange } from './index.js'
import type { MexcPrivateExchange } from './private-exchange.js'

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('MexcPrivateExchange', () => {
  let venue: LocalVenue
  let manager: FactoryManager
  let exchange: MexcPrivateExchange

  beforeEach(async () => {
    venue = await LocalVenue.start(answerMexcText)
    venue.routes.set('GET /api/v3/time', () => ({ serverTime: Date.now() }))
    manager = new FactoryManager(new ComponentRegistry(), () => venue.context())
    manager.register(registerExchange)
    exchange = manager.privateExchange(mexcExchangeId, 'spot') as MexcPrivateExchange
  })

  afterEach(async () => {
    await manager.close()
    await venue.close()
  })

  it('answers balances, free and locked', async () => {
    venue.routes.set('GET /api/v3/account', () => ({
      canTrade: true,
      balances: [{ asset: 'USDT', free: '1020.5', locked: '4.4022', available: '1020.5' }],
    }))
    expect(plain(await exchange.fetchBalances())).toEqual([{ asset: 'USDT', free: '1020.5', locked: '4.4022' }])
  })

  it("answers the account's own rates", async () => {
    venue.routes.set('GET /api/v3/tradeFee', () => ({
      data: { makerCommission: 0, takerCommission: 0.0005 },
      code: 0,
      msg: 'success',
    }))
    expect(plain(await exchange.fetchFees(createTestInstrument()))).toEqual({
      maker: '0',
      taker: '0.0005',
      assetRule: 'quote',
    })
  })

  it.each([
    ['SPOT_ACCOUNT_R,SPOT_DEAL_WRITE', 42, { canTrade: true, canWithdraw: false, remainingDays: 42 }],
    [['SPOT_WITHDRAW_W'], -999, { canTrade: false, canWithdraw: true, remainingDays: undefined }],
  ] as const)('answers the rights of the key %s', async (permissions, remainingValidity, rights) => {
    venue.routes.set('GET /api/v3/apiKeyInfo', () => ({ permissions, remainingValidity, status: 'VALID' }))
    expect(await exchange.fetchKeyRights()).toEqual(rights)
    expect(venue.seen('GET', '/api/v3/apiKeyInfo')[0]!.url).toContain('accessKey=test-key')
  })

  it("falls back on the account's rights where the key's are not told", async () => {
    venue.routes.set('GET /api/v3/apiKeyInfo', () => ({ status: 404, body: '{"code":404,"msg":"not found"}' }))
    venue.routes.set('GET /api/v3/account', () => ({ canTrade: true, canWithdraw: null, balances: [] }))
    expect(await exchange.fetchKeyRights()).toEqual({
      canTrade: true,
      canWithdraw: undefined,
      remainingDays: undefined,
    })
  })

  it('does not guess rights while the exchange holds us off', async () => {
    venue.routes.set('GET /api/v3/apiKeyInfo', () => ({
      status: 429,
      body: '{"code":429}',
      headers: { 'retry-after': '60' },
    }))
    await expect(exchange.fetchKeyRights()).rejects.toThrow(RateLimitException)
  })

  it('knows the pairs of the key, or the default ones where it has no list', async () => {
    venue.routes.set('GET /api/v3/selfSymbols', () => ({ code: 200, data: ['MXUSDT'], msg: null }))
    expect(await exchange.fetchTradableSymbols()).toEqual(new Set(['MXUSDT']))
    venue.routes.set('GET /api/v3/selfSymbols', () => ({ code: 200, data: null }))
    venue.routes.set('GET /api/v3/defaultSymbols', () => ({ code: 0, data: ['BTCUSDT'] }))
    expect(await exchange.fetchTradableSymbols()).toEqual(new Set(['BTCUSDT']))
  })

  it('is warm after its clock is measured and its connections stand', async () => {
    const { rest } = exchange as unknown as { readonly rest: { warmUp(): Promise<void> } }
    await rest.warmUp()
    expect(venue.seen('GET', '/api/v3/time').length).toBeGreaterThan(0)
  })
})

describe('MexcExchangeFactory', () => {
  it('names every option that is wrong', async () => {
    const venue = await LocalVenue.start(answerMexcText)
    venue.routes.set('GET /api/v3/time', () => ({ serverTime: Date.now() }))
    const manager = new FactoryManager(new ComponentRegistry(), () =>
      venue.context({ streamIntervalMs: 50, recvWindowMs: 70_000, unknown: 'of no concern' }),
    )
    manager.register(registerExchange)
    let error: unknown
    try {
      manager.publicExchange(mexcExchangeId, 'spot')
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(ConfigurationException)
    expect((error as ConfigurationException).problems.map(({ path }) => path)).toEqual([
      'exchanges.mexc.streamIntervalMs',
      'exchanges.mexc.recvWindowMs',
    ])
    await venue.close()
  })
})
