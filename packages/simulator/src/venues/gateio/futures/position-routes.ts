import { Decimal } from '@cex-arbitrage/common'

import type { PerpetualMarket } from '../../../perpetuals/perpetual-market.js'
import type { Position } from '../../../perpetuals/position.js'
import type { RestRouter } from '../../../server/rest-router.js'
import { FuturesRefusal, invalidParam, missingParam, textOf } from '../gateio-refusal.js'
import { findContract } from '../pairs.js'
import { type JsonObject, optionalEnum, parseObject, requiredText } from '../parameters.js'
import { type PrivateCall, type Route, signed } from '../route.js'
import { slice } from './futures-trading.js'
import { viewPosition } from './position-view.js'
import { futuresPath } from './public-routes.js'
import { sizeStyleOf } from './sizes.js'

/** Positions and what may be set of them; parameters are in the query. */
export function addPositionRoutes(router: RestRouter<Route>, market: PerpetualMarket): void {
  const positionOf = ({ caller, params }: PrivateCall): Position =>
    market.positions.get(caller.account.id, findContract(market.core, params['contract']))
  const view = (call: PrivateCall, position: Position): unknown =>
    viewPosition(market, position, sizeStyleOf(call.request.headers))
  router
    .add(
      `GET ${futuresPath}/positions`,
      signed('read', (call) =>
        slice(
          market.positions
            .of(call.caller.account.id)
            .filter(({ lots }) => call.query['holding'] !== 'true' || lots !== 0),
          call.query,
        ).map((position) => view(call, position)),
      ),
    )
    .add(
      `GET ${futuresPath}/positions/:contract`,
      signed('read', (call) => {
        const { name } = findContract(market.core, call.params['contract'])
        const position = market.positions.find(call.caller.account.id, name)
        if (position === undefined) throw new FuturesRefusal(404, 'POSITION_NOT_FOUND')
        return view(call, position)
      }),
    )
    .add(
      `POST ${futuresPath}/positions/:contract/leverage`,
      signed('other', (call) => {
        const position = positionOf(call)
        const leverage = readLeverage(call.query, 'leverage', 0, market.spec(position.symbol).maxLeverage)
        const crossLeverage = readCrossLeverage(market, position, call.query)
        return view(call, setLeverage(market, position, leverage, crossLeverage))
      }),
    )
    .add(
      `POST ${futuresPath}/positions/:contract/set_leverage`,
      signed('other', (call) => {
        const position = positionOf(call)
        const leverage = readLeverage(call.query, 'leverage', 1, market.spec(position.symbol).maxLeverage)
        const fallback = position.isCross ? 'cross' : 'isolated'
        const isCross = optionalEnum(call.query, 'margin_mode', ['isolated', 'cross'], fallback) === 'cross'
        return view(
          call,
          isCross ? setLeverage(market, position, Decimal.zero, leverage) : setLeverage(market, position, leverage),
        )
      }),
    )
    .add(
      `GET ${futuresPath}/get_leverage/:contract`,
      signed('read', (call) => ({ lever: positionOf(call).effectiveLeverage.toString() })),
    )
    .add(
      `POST ${futuresPath}/positions/cross_mode`,
      signed('other', (call) => {
        const body = parseObject(call.request.body)
        const position = market.positions.get(call.caller.account.id, findContract(market.core, body['contract']))
        const mode = optionalEnum(body, 'mode', ['CROSS', 'ISOLATED', ''], '')
        if (mode === '') throw missingParam('mode')
        const leverage = mode === 'CROSS' ? Decimal.zero : position.effectiveLeverage
        return view(call, setLeverage(market, position, leverage))
      }),
    )
    .add(
      `POST ${futuresPath}/positions/:contract/margin`,
      signed('other', (call) => {
        const position = positionOf(call)
        const change = Decimal.tryParse(textOf(call.query['change'] ?? ''))
        if (change === undefined) throw invalidParam('change', call.query['change'])
        if (position.lots === 0) throw new FuturesRefusal(400, 'POSITION_EMPTY')
        if (position.isCross) throw new FuturesRefusal(400, 'POSITION_CROSS_MARGIN')
        if (!market.addMargin(position, change))
          throw new FuturesRefusal(400, change.sign < 0 ? 'REMOVE_TOO_MUCH' : 'INSUFFICIENT_AVAILABLE')
        return view(call, position)
      }),
    )
}

function setLeverage(
  market: PerpetualMarket,
  position: Position,
  leverage: Decimal,
  crossLeverage = position.crossLeverage,
): Position {
  if (!market.setLeverage(position, leverage, crossLeverage)) throw new FuturesRefusal(400, 'INSUFFICIENT_AVAILABLE')
  return position
}

function readLeverage(query: JsonObject, name: string, min: number, max: number): Decimal {
  const text = requiredText(query, name)
  const leverage = Decimal.tryParse(text)
  if (leverage === undefined) throw invalidParam(name, text)
  if (leverage.toNumber() > max) throw new FuturesRefusal(400, 'LEVERAGE_TOO_HIGH')
  if (leverage.toNumber() < min || (leverage.toNumber() > 0 && leverage.toNumber() < 1))
    throw new FuturesRefusal(400, 'LEVERAGE_TOO_LOW')
  return leverage
}

function readCrossLeverage(market: PerpetualMarket, position: Position, query: JsonObject): Decimal {
  if (query['cross_leverage_limit'] === undefined || query['cross_leverage_limit'] === '') return position.crossLeverage
  const limit = readLeverage(query, 'cross_leverage_limit', 0, market.spec(position.symbol).maxLeverage)
  return limit.isZero ? position.crossLeverage : limit
}
