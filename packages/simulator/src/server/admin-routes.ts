import { Decimal } from '@cex-arbitrage/common'

import type { FaultEngine } from '../faults/fault-engine.js'
import { parseFaultRule } from '../faults/parse-fault-rule.js'
import type { ExchangeCore } from '../matching/exchange-core.js'
import type { MarketDriver } from '../market/market-driver.js'
import type { PerpetualMarket } from '../perpetuals/perpetual-market.js'
import type { GroundTruth } from '../truth/ground-truth.js'
import type { RestHandler, RestRequest, RestResponse } from './rest-exchange.js'
import { RestRouter } from './rest-router.js'

export interface AdminParts {
  readonly core: ExchangeCore
  readonly faults: FaultEngine
  readonly market: MarketDriver
  readonly perpetuals: PerpetualMarket | undefined
  readonly truth: () => GroundTruth
}

type AdminHandler = (request: RestRequest, params: Readonly<Record<string, string>>) => unknown

/** The routes under `/__admin/`: truth, faults, deposits, and holding the market still. */
export function createAdminHandler({ core, faults, market, perpetuals, truth }: AdminParts): RestHandler {
  const router = new RestRouter<AdminHandler>()
    .add('GET /__admin/truth', () => truth())
    .add('GET /__admin/faults', () => ({ rules: faults.rules, injected: faults.injected }))
    .add('POST /__admin/faults', ({ body }) => {
      const parsed: unknown = JSON.parse(body)
      const rules = (Array.isArray(parsed) ? parsed : [parsed]).map(parseFaultRule)
      return { ids: rules.map((rule) => faults.add(rule)) }
    })
    .add('DELETE /__admin/faults', () => {
      faults.clear()
      return { removed: true }
    })
    .add('DELETE /__admin/faults/:id', (_, { id = '' }) => ({ removed: faults.remove(id) }))
    .add('POST /__admin/deposits', ({ body }) => {
      const { account, asset, amount, to } = JSON.parse(body) as Record<string, unknown>
      const deposited = Decimal.parse(String(amount))
      if (to === 'wallet') perpetualsOf(perpetuals).deposit(String(account), String(asset), deposited)
      else core.accounts.deposit(core.accounts.get(String(account)), String(asset), deposited)
      return { deposited: true }
    })
    .add('POST /__admin/market', ({ body }) => {
      const { running } = JSON.parse(body) as { running?: boolean }
      market.stop()
      if (running === true) market.start()
      perpetuals?.hold(running !== true)
      return { running: running === true }
    })
    .add('POST /__admin/perpetuals', ({ body }) => {
      const { symbol, markPrice, fundingRate } = JSON.parse(body) as Record<string, unknown>
      perpetualsOf(perpetuals).steer(String(symbol), {
        ...(markPrice !== undefined && { markPrice: decimalOrNull(markPrice) }),
        ...(fundingRate !== undefined && { fundingRate: decimalOrNull(fundingRate) }),
      })
      return { steered: true }
    })
  return (request): RestResponse => {
    const match = router.find(request.method, request.path)
    if (match === undefined) return { status: 404, body: { error: `There is no ${request.method} ${request.path}.` } }
    try {
      return { status: 200, body: match.handler(request, match.params) }
    } catch (cause) {
      if (cause instanceof TypeError || cause instanceof SyntaxError || cause instanceof RangeError)
        return { status: 400, body: { error: cause.message } }
      throw cause
    }
  }
}

function perpetualsOf(perpetuals: PerpetualMarket | undefined): PerpetualMarket {
  if (perpetuals === undefined) throw new TypeError('This venue has no perpetuals.')
  return perpetuals
}

const decimalOrNull = (value: unknown): Decimal | null => (value === null ? null : Decimal.parse(value as string))
