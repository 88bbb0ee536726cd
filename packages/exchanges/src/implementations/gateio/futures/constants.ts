// Source: Gate API v4 documentation, perpetual futures, state of September 2026.

/** Address of the streams of contracts settled in USDT. */
export const gateioFuturesWebSocketUrl = 'wss://fx-ws.gateio.ws/v4/ws/usdt'
export const gateioFuturesTestnetWebSocketUrl = 'wss://ws-testnet.gate.com/v4/ws/futures/usdt'

/** Makes sizes come as texts, with the fractions that some contracts allow; without it they are cut to integers. */
export const decimalSizeHeaders = { 'x-gate-size-decimal': '1' } as const

/** Rows of one page of contracts. */
export const contractsPageRows = 1000
/** Most rows of one answer of trades and of candles. */
export const maxTradeRows = 1000
export const maxCandleRows = 2000

/** Decimals of sizes in market data of a contract that allows fractions; others trade whole contracts. */
export const decimalSizeDecimals = 6

export const futuresChannels = {
  trades: 'futures.trades',
  ping: 'futures.ping',
  system: 'futures.system',
} as const
