import { describeConformance } from '@cex-arbitrage/exchanges/conformance'
import { conformanceSymbol, createSimulatedConformanceVenue } from '@cex-arbitrage/exchanges/testing'
import { createSampleVenue } from '../venue/index.js'
import { registerExchange, sampleExchangeId } from './index.js'

const account = {
  id: 'trader',
  uid: 20_001,
  keys: [{ key: 'sample-key', secret: 'sample-secret', permission: 'trade' as const }],
  balances: { ABC: '1000', USDT: '100000' },
}

describeConformance('Sample spot', () =>
  createSimulatedConformanceVenue(
    createSampleVenue({ market: { kind: 'manual' }, symbols: [conformanceSymbol], accounts: [account] }),
    {
      exchange: sampleExchangeId,
      registerExchange,
      symbol: 'ABC/USDT',
      accountId: 'trader',
      bookChannel: 'book',
      spellOrderId: (id) => id,
      placeRoute: 'POST */api/orders',
    },
  ),
)
