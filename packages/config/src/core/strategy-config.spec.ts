import { createExchangeId } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { getEnabledExchanges } from '../exchanges/exchanges-config.js'
import { loadConfig } from '../load-config.js'
import { getStrategyName } from './strategy-config.js'

describe('getStrategyName', () => {
  it('is the type where no name is given', () => {
    const strategies = [{ type: 'spot-spot' }, { type: 'spot-spot', name: 'second' }]
    expect(loadConfig({ env: {}, overrides: { strategies } }).strategies.map(getStrategyName)).toEqual([
      'spot-spot',
      'second',
    ])
  })
})

describe('getEnabledExchanges', () => {
  it('leaves out what is switched off', () => {
    const overrides = { exchanges: { mexc: { enabled: false } }, strategies: [] }
    const enabled = getEnabledExchanges(loadConfig({ env: {}, overrides }).exchanges)
    expect([...enabled.keys()]).toEqual([createExchangeId('gateio')])
  })
})
