// An unmodified ccxt against a local MEXC: reads, trades, and loses an answer on the way, which the real MEXC lets nobody
// rehearse.
//
//   node examples/ccxt-against-local-mexc/main.mjs
import ccxt from 'ccxt'
import { createMexcVenue } from '@cex-arbitrage/simulator'
import { runAsProgram } from '../support/run-as-program.mjs'

const symbol = 'BTC/USDT'

/** @param {(line: string) => void} print */
export async function main(print) {
  const venue = createMexcVenue({ seed: 3 })
  const { rest, apiKey, secret } = await venue.start()
  const client = new ccxt.mexc({ apiKey, secret, enableRateLimit: false })
  client.urls['api'].spot = { public: rest, private: rest }
  client.urls['api'].contract = { public: `${rest}/api/v1/contract`, private: `${rest}/api/v1/private` }
  await client.loadHttpProxyAgent() // ccxt wants it before it talks to an address without TLS

  const { bids, asks } = await client.fetchOrderBook(symbol, 5)
  const [[bid = 0] = []] = bids
  const [[ask = 0] = []] = asks
  print(`${symbol} ${bid} bid, ${ask} asked`)

  const bought = await client.createOrder(symbol, 'limit', 'buy', 0.01, Number(ask) * 1.001)
  const { filled, average } = await client.fetchOrder(String(bought.id), symbol)
  print(`bought ${filled} at ${average}`)

  venue.faults.add({ kind: 'lost_acknowledgement', route: 'POST */api/v3/order', count: 1 })
  const price = Number(client.priceToPrecision(symbol, Number(bid) * 0.99))
  const clientOrderId = 'my-own-id-1'
  try {
    await client.createOrder(symbol, 'limit', 'buy', 0.01, price, { clientOrderId })
    throw new Error('The answer was to be lost.')
  } catch (error) {
    if (!(error instanceof ccxt.NetworkError)) throw error
    print(`an order without an answer: ${error.constructor.name}`)
  }
  const order = await client.fetchOrder('', symbol, { clientOrderId })
  print(`it rests all the same: ${order.side} ${order.amount} at ${order.price}, ${order.status}`)
  await client.cancelOrder(String(order.id), symbol)
  const open = await client.fetchOpenOrders(symbol)
  print(`cancelled; open orders: ${open.length}, the exchange says ${venue.truth().openOrderIds.length}`)

  await client.close()
  await venue.close()
}

await runAsProgram(import.meta, main)
