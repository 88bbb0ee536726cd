/** Kinds of proto3 fields that MEXC's push messages use. `optional` kinds have explicit presence. */
export type FieldKind = 'string' | 'int32' | 'int64' | 'bool'

/** One field of a message: number, name, kind or nested message, and how it is present. */
export interface FieldSchema {
  readonly number: number
  readonly name: string
  readonly type: FieldKind | MessageSchema
  readonly presence: 'implicit' | 'optional' | 'repeated'
}

/** Fields in ascending number order, which is the order the venue writes them in. */
export type MessageSchema = readonly FieldSchema[]

type Row = readonly [number: number, name: string, type?: FieldKind | MessageSchema, presence?: FieldSchema['presence']]

const message = (...rows: readonly Row[]): MessageSchema =>
  rows.map(([number, name, type = 'string', presence = 'implicit']) => ({ number, name, type, presence }))

const level = message([1, 'price'], [2, 'quantity'])

const bookTicker = message([1, 'bidPrice'], [2, 'bidQuantity'], [3, 'askPrice'], [4, 'askQuantity'])

const deal = message([1, 'price'], [2, 'quantity'], [3, 'tradeType', 'int32'], [4, 'time', 'int64'])

const increaseDepths = message(
  [1, 'asks', level, 'repeated'],
  [2, 'bids', level, 'repeated'],
  [3, 'eventType'],
  [4, 'version'],
)

const miniTicker = message(
  [1, 'symbol'],
  [2, 'price'],
  [3, 'rate'],
  [4, 'zonedRate'],
  [5, 'high'],
  [6, 'low'],
  [7, 'volume'],
  [8, 'quantity'],
  [9, 'lastCloseRate'],
  [10, 'lastCloseZonedRate'],
  [11, 'lastCloseHigh'],
  [12, 'lastCloseLow'],
)

const privateOrders = message(
  [1, 'id'],
  [2, 'clientId'],
  [3, 'price'],
  [4, 'quantity'],
  [5, 'amount'],
  [6, 'avgPrice'],
  [7, 'orderType', 'int32'],
  [8, 'tradeType', 'int32'],
  [9, 'isMaker', 'bool'],
  [10, 'remainAmount'],
  [11, 'remainQuantity'],
  [12, 'lastDealQuantity', 'string', 'optional'],
  [13, 'cumulativeQuantity'],
  [14, 'cumulativeAmount'],
  [15, 'status', 'int32'],
  [16, 'createTime', 'int64'],
  [17, 'market', 'string', 'optional'],
  [18, 'triggerType', 'int32', 'optional'],
  [19, 'triggerPrice', 'string', 'optional'],
  [20, 'state', 'int32', 'optional'],
  [21, 'ocoId', 'string', 'optional'],
  [22, 'routeFactor', 'string', 'optional'],
  [23, 'symbolId', 'string', 'optional'],
  [24, 'marketId', 'string', 'optional'],
  [25, 'marketCurrencyId', 'string', 'optional'],
  [26, 'currencyId', 'string', 'optional'],
)

const privateDeals = message(
  [1, 'price'],
  [2, 'quantity'],
  [3, 'amount'],
  [4, 'tradeType', 'int32'],
  [5, 'isMaker', 'bool'],
  [6, 'isSelfTrade', 'bool'],
  [7, 'tradeId'],
  [8, 'clientOrderId'],
  [9, 'orderId'],
  [10, 'feeAmount'],
  [11, 'feeCurrency'],
  [12, 'time', 'int64'],
)

const privateAccount = message(
  [1, 'vcoinName'],
  [2, 'coinId'],
  [3, 'balanceAmount'],
  [4, 'balanceAmountChange'],
  [5, 'frozenAmount'],
  [6, 'frozenAmountChange'],
  [7, 'type'],
  [8, 'time', 'int64'],
)

const kline = message(
  [1, 'interval'],
  [2, 'windowStart', 'int64'],
  [3, 'openingPrice'],
  [4, 'closingPrice'],
  [5, 'highestPrice'],
  [6, 'lowestPrice'],
  [7, 'volume'],
  [8, 'amount'],
  [9, 'windowEnd', 'int64'],
)

/** `PushDataV3ApiWrapper`: one per binary frame. Field names and numbers as published (schema of June 2026). */
export const pushSchema = message(
  [1, 'channel'],
  [3, 'symbol', 'string', 'optional'],
  [4, 'symbolId', 'string', 'optional'],
  [5, 'createTime', 'int64', 'optional'],
  [6, 'sendTime', 'int64', 'optional'],
  [301, 'publicDeals', message([1, 'deals', deal, 'repeated'], [2, 'eventType']), 'optional'],
  [302, 'publicIncreaseDepths', increaseDepths, 'optional'],
  [
    303,
    'publicLimitDepths',
    message(
      [1, 'asks', level, 'repeated'],
      [2, 'bids', level, 'repeated'],
      [3, 'eventType'],
      [4, 'version'],
      [5, 'lastOrderCreateTime', 'int64'],
    ),
    'optional',
  ],
  [304, 'privateOrders', privateOrders, 'optional'],
  [305, 'publicBookTicker', bookTicker, 'optional'],
  [306, 'privateDeals', privateDeals, 'optional'],
  [307, 'privateAccount', privateAccount, 'optional'],
  [308, 'publicSpotKline', kline, 'optional'],
  [309, 'publicMiniTicker', miniTicker, 'optional'],
  [310, 'publicMiniTickers', message([1, 'items', miniTicker, 'repeated']), 'optional'],
  [
    311,
    'publicBookTickerBatch',
    message([1, 'items', bookTicker, 'repeated'], [2, 'version'], [3, 'lastOrderCreateTime', 'int64']),
    'optional',
  ],
  [312, 'publicIncreaseDepthsBatch', message([1, 'items', increaseDepths, 'repeated'], [2, 'eventType']), 'optional'],
  [
    313,
    'publicAggreDepths',
    message(
      [1, 'asks', level, 'repeated'],
      [2, 'bids', level, 'repeated'],
      [3, 'eventType'],
      [4, 'fromVersion'],
      [5, 'toVersion'],
      [6, 'lastOrderCreateTime', 'int64'],
    ),
    'optional',
  ],
  [
    314,
    'publicAggreDeals',
    message([1, 'deals', [...deal, ...message([5, 'tradeId'])], 'repeated'], [2, 'eventType']),
    'optional',
  ],
  [
    315,
    'publicAggreBookTicker',
    [...bookTicker, ...message([5, 'version'], [6, 'lastOrderCreateTime', 'int64'])],
    'optional',
  ],
)
