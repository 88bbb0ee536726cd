import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '@cex-arbitrage/common/testing'
import type { FaultRule } from '@cex-arbitrage/simulator'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { StatusSnapshot } from '../status/status-snapshot.js'
import { CommandLine } from '../testing/command-line.js'
import { LocalVenues } from '../testing/local-venues.js'

const faults: readonly FaultRule[] = [
  { kind: 'late_refusal', probability: 0.1 },
  { kind: 'lost_acknowledgement', route: 'POST *', probability: 0.1 },
  { kind: 'drop', scope: 'private', probability: 0.05 },
  { kind: 'drop', scope: 'public', probability: 0.002 },
]

let folder = ''
let venues: LocalVenues
let engine: CommandLine
let ended: Promise<unknown>
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-cycles-'))
  venues = await LocalVenues.start(11, { faults })
})
afterEach(async () => {
  engine.stop()
  await ended
  await venues.close()
  await rm(folder, { recursive: true })
})

const controlFile = (): string => join(folder, 'control.json')

async function status(): Promise<StatusSnapshot> {
  const line = await new CommandLine().run('status', '--json', '--set', `server.controlFile=${controlFile()}`)
  return JSON.parse(line.output.lines[0]!) as StatusSnapshot
}

it.each(['concurrent', 'sequential'])(
  'goes round three pairs of venues that misbehave, legs %s, and proves that nothing is left',
  async (legOrder) => {
    const { env, overrides } = venues.sources({
      mode: 'live',
      instruments: ['BTC/USDT', 'ETH/USDT', 'ETH/BTC'],
      strategies: [{ type: 'triangular', legOrder }],
      execution: { absentAfterMs: 1_500, reconcileIntervalMs: 200 },
      risk: { maxConsecutiveFailures: 100, maxDailyLoss: 1_000 },
      server: { port: 0, controlFile: controlFile() },
      journal: { folder: join(folder, 'journal') },
      database: { enabled: false },
    })
    await writeFile(join(folder, 'config.yaml'), JSON.stringify(overrides))
    engine = new CommandLine(env)
    ended = engine.run('run', '--arm', '--config', join(folder, 'config.yaml'))
    await waitFor(() => engine.output.lines.some((line) => line.startsWith('Connected')), 'the engine', 20_000)
    const isRound = async (): Promise<boolean> => {
      const { recentTrades } = await status()
      const isWhole = recentTrades.some(({ end, symbol }) => end === 'completed' && symbol === 'ETH/BTC')
      return isWhole && recentTrades.length >= 3
    }
    await waitFor(isRound, 'three cycles', 60_000)
    for (const { faults: injected } of venues.hosts.values()) injected.clear()
    engine.stop()
    await ended
    for (const [exchange, host] of venues.hosts) {
      expect(engine.output.lines).toContain(`${exchange}: 0 open orders, ledger equal to the balances`)
      const { orders, openOrderIds } = host.truth()
      expect(openOrderIds).toEqual([])
      const ids = orders.flatMap(({ accountId, clientOrderId }) => (accountId === 'trader' ? [clientOrderId] : []))
      expect(new Set(ids).size).toBe(ids.length)
    }
    expect(engine.exitCode).toBe(0)
  },
  90_000,
)
