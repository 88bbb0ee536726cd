import { expect, it } from 'vitest'
import { collectOutput } from '../support/collect-output.js'
import { main } from './main.mjs'

it('trades less often the longer an edge must have stood, and ends every trade', async () => {
  const [quotes, ...results] = await collectOutput(main)
  expect(quotes).toBe('2 minutes of quotes, 1200 of each exchange')
  const completed = results.map((line) => Number(/: (\d+) completed.*; [\d.]+ USDT$/.exec(line)![1]))
  expect(completed).toHaveLength(3)
  expect(completed).toEqual(completed.toSorted((a, b) => b - a))
  expect(completed.at(-1)).toBeGreaterThan(0)
  expect(results.join()).not.toContain('halted')
})
