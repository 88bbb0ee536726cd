// Source: Gate API v4 documentation, perpetual futures, state of September 2026.

/** Address of the streams of contracts settled in USDT; the WebSocket API shares it. */
export const gateioFuturesWebSocketUrl = 'wss://fx-ws.gateio.ws/v4/ws/usdt'
export const gateioFuturesTestnetWebSocketUrl = 'wss://ws-testnet.gate.com/v4/ws/futures/usdt'

/** Makes sizes come as texts, with the fractions that some contracts allow; without it they are cut to integers. */
export const decimalSizeHeaders = { 'x-gate-size-decimal': '1' } as const

/** Rows of one page of contracts. */
export const contractsPageRows = 1000
/** Most rows of one answer of trades and of candles. */
export const maxTradeRows = 1000
export const maxCandleRows = 2000
/** Rows of one page of orders, own trades and the account's book: what is answered unless more is asked for. */
export const accountPageRows = 100

/** Decimals of sizes in market data of a contract that allows fractions; others trade whole contracts. */
export const decimalSizeDecimals = 6

/** Milliseconds after its end for which an order without a fill is found by client order id; a filled one stays. */
export const clientOrderIdLookupMs = 60_000
/** Fewest milliseconds between two questions for the wallet: 200 in ten seconds are allowed. */
export const walletIntervalMs = 200
/** Pause before the wallet is asked for again after a question that failed, in milliseconds. */
export const walletRetryMs = 1_000

/** Channels of the futures WebSocket service. */
export const futuresChannels = {
  trades: 'futures.trades',
  orders: 'futures.orders',
  userTrades: 'futures.usertrades',
  balances: 'futures.balances',
  positions: 'futures.positions',
  ping: 'futures.ping',
  system: 'futures.system',
  login: 'futures.login',
  orderPlace: 'futures.order_place',
  orderCancel: 'futures.order_cancel',
} as const
