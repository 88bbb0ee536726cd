import { expect, it } from 'vitest'
import { collectOutput } from '../support/collect-output.js'
import { main } from './main.mjs'

it('is loaded by its name, shows a book and trades', async () => {
  const [brought, quotes, bought] = await collectOutput(main)
  expect(brought).toBe('exchange-sample brings sample')
  expect(quotes).toMatch(/^BTC\/USDT [\d.]+ bid, [\d.]+ asked$/)
  expect(bought).toBe('bought 0.01: filled')
})
