import { expect, it } from 'vitest'
import { collectOutput } from '../support/collect-output.js'
import { main } from './main.mjs'

it('shows that a book is not quotable after a gap and after a break, and when it is again', async () => {
  const lines = await collectOutput(main)
  const statesOf = (exchange: string): readonly string[] =>
    lines
      .filter((line) => line.startsWith(exchange))
      .map((line) => /(trusted|gap|disconnected|syncing)/.exec(line)![1]!)
  expect(statesOf('gateio').join(' ')).toMatch(/^trusted gap (syncing )?trusted/)
  expect(statesOf('mexc').join(' ')).toMatch(/^trusted disconnected (syncing )?trusted/)
  expect(lines[0]).toMatch(/^mexc +BTC\/USDT trusted at \d+: [\d.]+ bid, [\d.]+ asked$/)
})
