import { expect, it } from 'vitest'
import { collectOutput } from '../support/collect-output.js'
import { main } from './main.mjs'

it('trades on the recorded frames, and the same on every run', async () => {
  const lines = await collectOutput(main)
  const trades = lines.filter((line) => line.includes('expected'))
  expect(trades.length).toBeGreaterThan(5)
  for (const trade of trades)
    expect(trade).toMatch(/^[\d:.]{12} (buy|sell) [\d.]+ on \w+, .*: (completed|unwound|hedged), -?[\d.]+ USDT/)
  expect(lines.at(-2)).toMatch(/^\d+ events, \d+ changes of a book, \d+ trades completed, [\d.]+ USDT$/)
  expect(lines.at(-1)).toMatch(/^why not more: no_edge \d+/)
  expect(await collectOutput(main)).toEqual(lines)
})
