import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HummingbotPair } from '../testing/hummingbot-pair.js'

let folder = ''
let pair: HummingbotPair
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-hummingbot-'))
  pair = await HummingbotPair.start(3, join(folder, 'journal'))
})
afterEach(async () => {
  await pair.close()
  await rm(folder, { recursive: true })
})

const count = (): number => Object.values(pair.trades).reduce((sum, each) => sum + each, 0)

describe('spot-spot between Gate.io and a venue behind Hummingbot', () => {
  it('strands nothing while acknowledgements are lost, answers are late and connections are cut', async () => {
    pair.hummingbot.faults.add({
      kind: 'lost_acknowledgement',
      route: 'WS create_order',
      probability: 0.15,
      mode: 'hang',
    })
    pair.hummingbot.faults.add({ kind: 'response_delay', probability: 0.1, delayMs: 400 })
    pair.hummingbot.faults.add({ kind: 'duplicate', probability: 0.1 })
    pair.hummingbot.faults.add({ kind: 'delay', channel: 'trade', probability: 0.2, delayMs: 300 })
    pair.gateio.faults.add({ kind: 'lost_acknowledgement', route: 'POST *', probability: 0.1 })
    pair.gateio.faults.add({ kind: 'request_delay', probability: 0.1, delayMs: 200 })
    await waitFor(() => count() >= 12, 'a dozen trades', 60_000)
    pair.hummingbot.faults.add({ kind: 'disconnect', count: 1 })
    pair.gateio.faults.add({ kind: 'disconnect', count: 1 })
    // A cut may swallow the price of a fill; once the engine has found that, it opens nothing more.
    const isHalted = (): boolean => pair.halts.some(({ rule }) => rule === 'ledger_mismatch')
    await waitFor(() => count() >= 24 || isHalted(), 'another dozen', 60_000)
    const problems = await pair.stopAndJudge()
    expect(problems).toEqual([])
  }, 120_000)
})
