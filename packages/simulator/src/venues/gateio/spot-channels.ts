import type { VenueHost } from '../../venue/venue-host.js'
import { BookSnapshotChannel, BookUpdateChannel, ObuChannel } from './book-channels.js'
import type { Channel } from './channel.js'
import { bookTickerIntervalMs } from './constants.js'
import {
  BalancesChannel,
  emptyPrivateChannel,
  OrdersChannel,
  PriceOrdersChannel,
  UserTradesChannel,
} from './private-channels.js'
import { BookTickerChannel, CandlesChannel, TickersChannel, TradesChannel } from './public-channels.js'

/** @param firstBookFrame - First frame of `spot.order_book_update` after a subscription. */
export const createSpotChannels = (
  host: VenueHost,
  firstBookFrame: 'increment' | 'full',
): ReadonlyMap<string, Channel> =>
  new Map<string, Channel>([
    ['spot.tickers', new TickersChannel(host)],
    ['spot.trades', new TradesChannel(host, 'spot.trades')],
    ['spot.trades_v2', new TradesChannel(host, 'spot.trades_v2')],
    ['spot.candlesticks', new CandlesChannel(host)],
    ['spot.book_ticker', new BookTickerChannel(host, bookTickerIntervalMs)],
    ['spot.order_book_update', new BookUpdateChannel(host, firstBookFrame)],
    ['spot.order_book', new BookSnapshotChannel(host)],
    ['spot.obu', new ObuChannel(host)],
    ['spot.orders', new OrdersChannel(host, false)],
    ['spot.orders_v2', new OrdersChannel(host, true)],
    ['spot.usertrades', new UserTradesChannel(host, false)],
    ['spot.usertrades_v2', new UserTradesChannel(host, true)],
    ['spot.balances', new BalancesChannel(host)],
    ['spot.priceorders', new PriceOrdersChannel(host)],
    ['spot.margin_balances', emptyPrivateChannel],
    ['spot.funding_balances', emptyPrivateChannel],
    ['spot.cross_balances', emptyPrivateChannel],
    ['spot.cross_loan', emptyPrivateChannel],
  ])
