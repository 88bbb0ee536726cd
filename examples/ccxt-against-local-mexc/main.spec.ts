import { expect, it } from 'vitest'
import { collectOutput } from '../support/collect-output.js'
import { main } from './main.mjs'

it('lets an unmodified ccxt trade, and find the order whose answer was lost', async () => {
  const [quotes, bought, lost, found, cancelled] = await collectOutput(main)
  expect(quotes).toMatch(/^BTC\/USDT [\d.]+ bid, [\d.]+ asked$/)
  expect(bought).toMatch(/^bought 0\.01 at [\d.]+$/)
  expect(lost).toMatch(/^an order without an answer: \w+$/)
  expect(found).toMatch(/^it rests all the same: buy 0\.01 at [\d.]+, open$/)
  expect(cancelled).toBe('cancelled; open orders: 0, the exchange says 0')
})
