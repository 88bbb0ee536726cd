import { expect, it } from 'vitest'
import { collectOutput } from '../support/collect-output.js'
import { main } from './main.mjs'

it('quotes both sides and leaves no order behind', async () => {
  const lines = await collectOutput(main, '1')
  expect(lines[0]).toBe('quoting ETH-USDT on a simulated server for 1 s')
  const [, quotes] = /^(\d+) quotes, \d+ fills, position -?[\d.]+ ETH, -?[\d.]+ USDT before fees$/.exec(lines.at(-2)!)!
  expect(Number(quotes)).toBeGreaterThanOrEqual(2)
  expect(lines.at(-1)).toBe('open orders left: 0')
})
