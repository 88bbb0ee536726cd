import { createExchangeId, Decimal } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import { Portfolio } from '../portfolio/portfolio.js'
import { createTestInstrument } from '../testing/create-instrument.js'
import { accountOf, exchangeOf } from './account-id.js'

const spot = createTestInstrument()
const perpetual = createTestInstrument({ marketType: 'futures' })

describe('Accounts', () => {
  it('of spot go by the name of their exchange, those of futures by a name of their own', () => {
    expect(accountOf(spot)).toBe('alpha')
    expect(accountOf(perpetual)).toBe('alpha:futures')
    expect(exchangeOf(accountOf(perpetual))).toBe(createExchangeId('alpha'))
  })

  it('of one exchange keep their funds apart', () => {
    const portfolio = new Portfolio(new ManualClock())
    const account = accountOf(perpetual)
    portfolio.post([
      { account: `venue:${account}`, asset: perpetual.quote, amount: Decimal.of(7) },
      { account: 'equity:opening', asset: perpetual.quote, amount: Decimal.of(-7) },
    ])
    expect(portfolio.available(account, perpetual.quote).toString()).toBe('7')
    expect(portfolio.available(accountOf(spot), perpetual.quote).toString()).toBe('0')
  })
})
