import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import type { StatusSnapshot } from '../../status/status-snapshot.js'
import { CommandLine } from '../../testing/command-line.js'

const lively = [
  '--set',
  'server.port=0',
  '--set',
  'simulation.dislocations.perMinute=600',
  '--set',
  'killSwitch.file=/nonexistent/kill',
  '--set',
  'server.controlFile=/dev/null/control.json',
]

describe('arb run', () => {
  it('trades in simulated mode, answers status and health, and proves a clean end', async () => {
    const line = new CommandLine()
    const running = line.run('run', ...lively)
    await waitFor(() => line.output.lines.some((text) => text.includes('completed')), 'a trade', 14_000)
    const address = /Status: (\S+)\/status/.exec(line.output.lines.join('\n'))![1]!
    const health = await fetch(`${address}/health`)
    expect(health.status).toBe(200)
    const status = (await (await fetch(`${address}/status`)).json()) as StatusSnapshot
    expect(status).toMatchObject({ mode: 'simulated', state: 'trading' })
    expect(status.exchanges.map(({ exchange }) => exchange)).toEqual(['mexc', 'gateio'])
    expect(status.recentTrades.length).toBeGreaterThan(0)
    const stopAtMs = performance.now()
    line.stop()
    await running
    expect(performance.now() - stopAtMs).toBeLessThan(5_000)
    expect(line.exitCode).toBe(0)
    for (const exchange of ['mexc', 'gateio'])
      expect(line.output.lines).toContain(`${exchange}: 0 open orders, ledger equal to the balances`)
    await expect(fetch(`${address}/health`)).rejects.toThrow()
  })

  it('takes over what is safe of an edited file while it trades, and says what is not', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-reload-'))
    const file = join(folder, 'config.yaml')
    const write = (text: string): Promise<void> => writeFile(file, text)
    const line = new CommandLine()
    const said = (text: string): boolean => line.output.lines.some((each) => each.includes(text))
    try {
      await write('risk: { maxNotionalPerTrade: 200 }\n')
      const running = line.run('run', '--config', file, ...lively)
      const trades = (): number => line.output.lines.filter((text) => text.includes('completed')).length
      await waitFor(() => trades() > 0, 'a trade', 14_000)

      await write('risk: { maxNotionalPerTrade: 200, maxOpenOrders: 2x }\n')
      await waitFor(() => said('risk.maxOpenOrders: expected a whole number'), 'the complaint')
      await write('risk: { maxNotionalPerTrade: 200, minNetEdgeBps: 3 }\npaper: { seed: 7 }\n')
      await waitFor(() => said('Needs a restart: paper.seed 42 → 7'), 'the refusal')
      expect(said('Configuration changed: risk.minNetEdgeBps 1 → 3')).toBe(true)

      await write(
        'risk: { minNetEdgeBps: 9000 }\nstrategies: [{ type: spot-spot, minNetEdgeBps: 9000 }]\nexecution: { ackTimeoutMs: 700 }\nlogging: { level: error }\n',
      )
      for (const path of ['strategies.0.minNetEdgeBps 3 → 9000', 'execution.ackTimeoutMs 1500 → 700', 'logging.level'])
        await waitFor(() => said(`Configuration changed: ${path}`), path)
      // What was decided before still ends; from then on nothing is worth it.
      const address = /Status: (\S+)\/status/.exec(line.output.lines.join('\n'))![1]!
      const status = async () => (await (await fetch(`${address}/status`)).json()) as StatusSnapshot
      const { opportunities } = await status()
      await waitFor(async () => (await status()).opportunities.evaluations > opportunities.evaluations + 200, 'changes')
      expect((await status()).opportunities.found).toBe(opportunities.found)

      line.stop()
      await running
      expect(line.exitCode).toBe(0)
    } finally {
      line.stop()
      await rm(folder, { recursive: true })
    }
  })

  it('refuses live mode that is not armed, with exit code 2', async () => {
    const run = await new CommandLine().run('run', '--mode', 'live')
    expect(run.exitCode).toBe(2)
    expect(run.output.notes.join('\n')).toContain('--arm')
  })

  it('refuses a symbol that is not on two exchanges, and names it', async () => {
    const run = await new CommandLine().run('run', ...lively, '--set', 'instruments=[NOPE/USDT]')
    expect(run.exitCode).toBe(2)
    expect(run.output.notes.join('\n')).toContain('NOPE/USDT is listed on no enabled exchange')
  })
})
