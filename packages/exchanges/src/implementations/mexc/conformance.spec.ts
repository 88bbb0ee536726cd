import { createMexcVenue } from '@cex-arbitrage/simulator'
import { describeConformance } from '../../conformance/describe-conformance.js'
import {
  conformancePerpetual,
  conformanceSymbol,
  createSimulatedConformanceVenue,
} from '../../testing/simulated-conformance-venue.js'
import { mexcExchangeId, registerExchange } from './index.js'

const account = {
  id: 'trader',
  uid: 20_012,
  keys: [{ key: 'mx0vglConformanceKey', secret: '9b8a7c6d5e4f30211203f4e5d6c7b8a9', permission: 'trade' as const }],
  balances: { ABC: '1000', USDT: '100000' },
  wallet: { USDT: '10000' },
}

describeConformance('MEXC spot', () =>
  createSimulatedConformanceVenue(
    createMexcVenue({ market: { kind: 'manual' }, symbols: [conformanceSymbol], accounts: [account] }),
    {
      exchange: mexcExchangeId,
      registerExchange,
      symbol: 'ABC/USDT',
      accountId: 'trader',
      bookChannel: 'spot@public.aggre.depth.v3.api.pb*',
      spellOrderId: (id) => id,
      placeRoute: 'POST */api/v3/order',
      options: { streamIntervalMs: 10 },
    },
  ),
)

describeConformance('MEXC perpetuals', () =>
  createSimulatedConformanceVenue(
    createMexcVenue({
      market: { kind: 'manual' },
      symbols: [conformanceSymbol],
      perpetuals: { specs: [conformancePerpetual], fundingIntervalMs: 1_000, fundingRate: '0' },
      accounts: [account],
    }),
    {
      exchange: mexcExchangeId,
      registerExchange,
      symbol: 'ABC/USDT',
      isPerpetual: true,
      accountId: 'trader',
      bookChannel: 'push.depth',
      spellOrderId: (id) => id,
      placeRoute: 'POST */api/v1/private/order/create',
    },
  ),
)
