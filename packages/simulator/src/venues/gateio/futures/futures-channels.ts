import type { PerpetualMarket } from '../../../perpetuals/perpetual-market.js'
import type { Channel } from '../channel.js'
import { emptyPrivateChannel } from '../private-channels.js'
import { ContractBookChannel, ContractBookUpdateChannel, ContractObuChannel } from './book-channels.js'
import {
  FuturesBalancesChannel,
  FuturesOrdersChannel,
  FuturesUserTradesChannel,
  OwnContractChannel,
  PositionsChannel,
} from './private-channels.js'
import {
  ContractBookTickerChannel,
  ContractCandlesChannel,
  ContractChannel,
  ContractTickersChannel,
  ContractTradesChannel,
} from './public-channels.js'

/** Channels that take subscriptions of own contracts and stay silent. */
const silentChannels = ['liquidates', 'auto_deleverages', 'position_closes', 'reduce_risk_limits', 'autoorders']

/** @param firstBookFrame - First frame of `futures.order_book_update` after a subscription. */
export const createFuturesChannels = (
  market: PerpetualMarket,
  firstBookFrame: 'increment' | 'full',
): ReadonlyMap<string, Channel> =>
  new Map<string, Channel>([
    ['futures.tickers', new ContractTickersChannel(market)],
    ['futures.trades', new ContractTradesChannel(market)],
    ['futures.book_ticker', new ContractBookTickerChannel(market)],
    ['futures.order_book_update', new ContractBookUpdateChannel(market, firstBookFrame)],
    ['futures.order_book', new ContractBookChannel(market)],
    ['futures.obu', new ContractObuChannel(market)],
    ['futures.candlesticks', new ContractCandlesChannel(market)],
    ['futures.public_liquidates', new ContractChannel(market, 'futures.public_liquidates')],
    ['futures.orders', new FuturesOrdersChannel(market)],
    ['futures.usertrades', new FuturesUserTradesChannel(market)],
    ['futures.positions', new PositionsChannel(market)],
    ['futures.balances', new FuturesBalancesChannel(market)],
    ['futures.position_adl_rank', emptyPrivateChannel],
    ...silentChannels.map(
      (name) => [`futures.${name}`, new OwnContractChannel(market, `futures.${name}`)] as [string, Channel],
    ),
  ])
