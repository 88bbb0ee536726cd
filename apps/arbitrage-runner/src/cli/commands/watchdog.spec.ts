import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CommandLine } from '../../testing/command-line.js'
import { LocalVenues } from '../../testing/local-venues.js'
import { HeartbeatFile } from '../../watchdog/heartbeat-file.js'

const absentPid = 2 ** 30

let folder = ''
let venues: LocalVenues
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-watch-'))
  venues = await LocalVenues.start()
})
afterEach(async () => {
  await venues.close()
  await rm(folder, { recursive: true })
})

async function prepare(): Promise<{
  readonly line: CommandLine
  readonly args: readonly string[]
  beats: HeartbeatFile
}> {
  const heartbeatFile = join(folder, 'beat.json')
  const { env, overrides } = venues.sources({
    mode: 'live',
    instruments: ['BTC/USDT'],
    execution: { watchdog: { timeoutMs: 500, heartbeatFile } },
  })
  const config = join(folder, 'config.yaml')
  await writeFile(config, JSON.stringify(overrides))
  const args = ['watchdog', '--config', config, '--arm', '--fencing-token', '2']
  return { line: new CommandLine(env), args, beats: new HeartbeatFile(heartbeatFile) }
}

describe('arb watchdog', () => {
  it('cancels the orders of a dead engine on exchanges that do not by themselves, and those alone', async () => {
    const { line, args, beats } = await prepare()
    const rests = new Map<string, () => boolean>()
    for (const [exchange, clientOrderId] of [
      ['mexc', 'arb-1'],
      ['gateio', 't-arb-1'],
    ] as const) {
      const { core } = venues.hosts.get(exchange)!
      const best = core.engine('BTC/USDT').ladder('buy').best!
      const placed = core.place({
        accountId: 'trader',
        symbol: 'BTC/USDT',
        side: 'buy',
        kind: 'limit',
        timeInForce: 'gtc',
        priceTicks: Math.floor(best.priceTicks / 2),
        quantityLots: 1_000,
        clientOrderId,
      })
      if ('order' in placed) rests.set(exchange, () => placed.order.isOpen)
    }
    await beats.write({ fencingToken: 2, pid: absentPid, sequence: 1, state: 'alive' })
    await line.run(...args)
    expect(line.output.lines).toEqual([
      'Watching 1 markets of exchanges that do not cancel by themselves.',
      'The engine has died; none of its orders is left.',
    ])
    expect(rests.get('mexc')!()).toBe(false)
    expect(rests.get('gateio')!()).toBe(true)
  })

  it('ends with an engine that has stopped, or when asked', async () => {
    const stopped = await prepare()
    await stopped.beats.write({ fencingToken: 2, pid: absentPid, sequence: 9, state: 'stopped' })
    await stopped.line.run(...stopped.args)
    expect(stopped.line.output.lines.at(-1)).toBe('The engine has stopped by itself; nothing rests.')
    stopped.line.output.lines.length = 0
    await stopped.line.run(...stopped.args, '--json')
    expect(stopped.line.output.lines).toEqual(['{"end":"stopped"}'])
    const asked = await prepare()
    await asked.beats.write({ fencingToken: 2, pid: process.pid, sequence: 1, state: 'alive' })
    const running = asked.line.run(...asked.args)
    await waitFor(() => asked.line.output.lines.length > 0, 'the watch')
    asked.line.stop()
    await running
    expect(asked.line.output.lines.at(-1)).toBe('Asked to end.')
  })

  it('goes with live mode alone', async () => {
    const run = await new CommandLine().run('watchdog')
    expect(run.exitCode).toBe(2)
    expect(run.output.notes.join('\n')).toContain('live mode')
  })
})
