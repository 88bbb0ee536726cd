import { decodeMessage, type DecodedMessage, type MessageFields } from './protobuf-message.js'

const text = (name: string) => [name, 'string'] as const
const integer = (name: string) => [name, 'integer'] as const
const flag = (name: string) => [name, 'bool'] as const

const level: MessageFields = { 1: text('price'), 2: text('quantity') }
const miniTicker: MessageFields = {
  1: text('symbol'),
  2: text('price'),
  3: text('rate'),
  4: text('zonedRate'),
  5: text('high'),
  6: text('low'),
  7: text('volume'),
  8: text('quantity'),
  9: text('lastCloseRate'),
  10: text('lastCloseZonedRate'),
  11: text('lastCloseHigh'),
  12: text('lastCloseLow'),
}
const quotes: MessageFields = {
  1: text('bidPrice'),
  2: text('bidQuantity'),
  3: text('askPrice'),
  4: text('askQuantity'),
}
const increaseDepths: MessageFields = {
  1: ['asks', [level]],
  2: ['bids', [level]],
  3: text('eventType'),
  4: text('version'),
}

/** The fields of a push; the same as `push-data.proto`, which a spec compares. */
export const pushDataFields: MessageFields = {
  1: text('channel'),
  3: text('symbol'),
  4: text('symbolId'),
  5: integer('createTime'),
  6: integer('sendTime'),
  303: ['publicLimitDepths', { ...increaseDepths, 5: integer('lastOrderCreateTime') }],
  304: [
    'privateOrders',
    {
      1: text('id'),
      2: text('clientId'),
      3: text('price'),
      4: text('quantity'),
      5: text('amount'),
      6: text('avgPrice'),
      7: integer('orderType'),
      8: integer('tradeType'),
      9: flag('isMaker'),
      10: text('remainAmount'),
      11: text('remainQuantity'),
      12: text('lastDealQuantity'),
      13: text('cumulativeQuantity'),
      14: text('cumulativeAmount'),
      15: integer('status'),
      16: integer('createTime'),
      17: text('market'),
      18: integer('triggerType'),
      19: text('triggerPrice'),
      20: integer('state'),
      21: text('ocoId'),
      22: text('routeFactor'),
      23: text('symbolId'),
      24: text('marketId'),
      25: text('marketCurrencyId'),
      26: text('currencyId'),
    },
  ],
  306: [
    'privateDeals',
    {
      1: text('price'),
      2: text('quantity'),
      3: text('amount'),
      4: integer('tradeType'),
      5: flag('isMaker'),
      6: flag('isSelfTrade'),
      7: text('tradeId'),
      8: text('clientOrderId'),
      9: text('orderId'),
      10: text('feeAmount'),
      11: text('feeCurrency'),
      12: integer('time'),
    },
  ],
  307: [
    'privateAccount',
    {
      1: text('vcoinName'),
      2: text('coinId'),
      3: text('balanceAmount'),
      4: text('balanceAmountChange'),
      5: text('frozenAmount'),
      6: text('frozenAmountChange'),
      7: text('type'),
      8: integer('time'),
    },
  ],
  308: [
    'publicSpotKline',
    {
      1: text('interval'),
      2: integer('windowStart'),
      3: text('openingPrice'),
      4: text('closingPrice'),
      5: text('highestPrice'),
      6: text('lowestPrice'),
      7: text('volume'),
      8: text('amount'),
      9: integer('windowEnd'),
    },
  ],
  309: ['publicMiniTicker', miniTicker],
  310: ['publicMiniTickers', { 1: ['items', [miniTicker]] }],
  311: ['publicBookTickerBatch', { 1: ['items', [quotes]], 2: text('version'), 3: integer('lastOrderCreateTime') }],
  312: ['publicIncreaseDepthsBatch', { 1: ['items', [increaseDepths]], 2: text('eventType') }],
  313: [
    'publicAggreDepths',
    {
      1: ['asks', [level]],
      2: ['bids', [level]],
      3: text('eventType'),
      4: text('fromVersion'),
      5: text('toVersion'),
      6: integer('lastOrderCreateTime'),
    },
  ],
  314: [
    'publicAggreDeals',
    {
      1: [
        'deals',
        [{ 1: text('price'), 2: text('quantity'), 3: integer('tradeType'), 4: integer('time'), 5: text('tradeId') }],
      ],
      2: text('eventType'),
    },
  ],
  315: ['publicAggreBookTicker', { ...quotes, 5: text('version'), 6: integer('lastOrderCreateTime') }],
}

/** A push with the fields that every kind may have; its body is under the body's own name. */
export interface PushData extends DecodedMessage {
  readonly channel?: string
  readonly symbol?: string
  readonly createTime?: number
  readonly sendTime?: number
}

/** Decodes one binary frame. Errors as `decodeMessage`. */
export function decodePushData(frame: Uint8Array): PushData {
  return decodeMessage(frame, pushDataFields) as PushData
}
