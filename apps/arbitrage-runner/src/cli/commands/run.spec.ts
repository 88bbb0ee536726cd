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
  }, 30_000)

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
