import { HummingbotException } from './hummingbot-exception.js'

/** What is put in front of the server's text, by method (A8). */
export const failurePrefixes = {
  createOrder: 'Failed to create order: ',
  cancelOrder: 'Failed to cancel order: ',
  getOrderStatus: 'Failed to get order status: ',
  getOrderBook: 'Failed to get order book: ',
  getTicker: 'Failed to get ticker: ',
  subscribeToOrderBook: 'Failed to subscribe to order book: ',
  subscribeToTrades: 'Failed to subscribe to trades: ',
  subscribe: 'Failed to subscribe: ',
  unsubscribe: 'Failed to unsubscribe: ',
  getBalances: 'Failed to get balances: ',
  getOpenOrders: 'Failed to get open orders: ',
  getOrderHistory: 'Failed to get order history: ',
} as const

/** The same failure with a prefix, once; a call without a connection keeps its own text. */
export function withPrefix(error: unknown, prefix: string): Error {
  if (!(error instanceof HummingbotException)) return error as Error
  if (error.message.startsWith(prefix) || error.message === 'Not connected to Hummingbot') return error
  return error.with({ message: prefix + error.message, cause: error })
}
