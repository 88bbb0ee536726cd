import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ConfigurationException,
  JournalException,
  silentLogger,
  systemClock,
  systemRandom,
} from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import { ConfigManager, type EngineConfig } from '@cex-arbitrage/config'
import { TradingEngine } from '@cex-arbitrage/trading'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { LocalVenues } from '../testing/local-venues.js'
import { EngineHost } from './engine-host.js'

let venues: LocalVenues
let folder = ''
beforeAll(async () => {
  venues = await LocalVenues.start()
  folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-host-'))
})
afterAll(async () => {
  await venues.close()
  await rm(folder, { recursive: true })
})

const hostOf = (config: EngineConfig): EngineHost =>
  new EngineHost({ config, clock: systemClock, random: systemRandom, logger: silentLogger })

const trades = (host: EngineHost): number => host.status().recentTrades.length

describe('EngineHost', () => {
  it('trades live accounts over a journal, and goes on from it after a restart', async () => {
    const config = venues.configuration({
      mode: 'live',
      journal: { folder: join(folder, 'journal') },
      execution: { startDifferences: 'adopt' },
    })
    const first = hostOf(config)
    expect(first.status()).toMatchObject({ state: 'starting', exchanges: [] })
    await first.start()
    await waitFor(() => trades(first) > 0, 'a trade', 12_000)
    await expect(hostOf(config).start()).rejects.toThrow(JournalException)
    for (const exchange of (await first.stop()).exchanges)
      expect(exchange).toMatchObject({ openOrders: 0, mismatches: [] })
    const second = hostOf(venues.configuration({ mode: 'live', journal: { folder: join(folder, 'journal') } }))
    await second.start()
    expect(second.status().halts).toEqual([])
    for (const exchange of (await second.stop()).exchanges)
      expect(exchange).toMatchObject({ openOrders: 0, mismatches: [] })
  }, 40_000)

  it('trades paper accounts against the live books and sends nothing', async () => {
    const requests = (): string =>
      JSON.stringify([...venues.hosts.values()].map((venue) => venue.truth().orders.length))
    const before = requests()
    const host = hostOf(venues.configuration({ mode: 'paper' }, { fees: { makerBps: 0, takerBps: 2.5 } }))
    await host.start()
    await waitFor(() => trades(host) > 0, 'a paper trade', 12_000)
    for (const exchange of (await host.stop()).exchanges)
      expect(exchange).toMatchObject({ openOrders: 0, mismatches: [] })
    expect(requests()).toBe(before)
  })

  it('gives the end as long as the configuration says by then', async () => {
    const config = venues.configuration({ mode: 'paper' })
    const file = join(folder, 'reloaded.yaml')
    await writeFile(file, '')
    const log = silentLogger
    const configManager = new ConfigManager({ source: { file, env: {} }, clock: systemClock, log })
    const host = new EngineHost({ config, configManager, clock: systemClock, random: systemRandom, logger: log })
    const stop = vi.spyOn(TradingEngine.prototype, 'stop')
    await host.start()
    await writeFile(file, 'execution: { shutdownTimeoutMs: 1234 }')
    configManager.reload()
    await host.stop()
    expect(stop).toHaveBeenCalledWith(1_234)
    stop.mockRestore()
    configManager.close()
  })

  it('opens nothing when it is asked to stop before its start has ended', async () => {
    const host = hostOf(venues.configuration({ mode: 'paper' }, { fees: { makerBps: 0, takerBps: 2.5 } }))
    const starting = host.start()
    host.announceStop()
    await starting
    await waitFor(() => (host.status().opportunities.refusals['halted'] ?? 0) > 0, 'a plan refused')
    expect(trades(host)).toBe(0)
    expect((await host.stop()).exchanges.every(({ openOrders }) => openOrders === 0)).toBe(true)
  })

  it('opens nothing while the kill file exists', async () => {
    const file = join(folder, 'KILL')
    const host = hostOf(venues.configuration({ mode: 'paper', killSwitch: { file } }))
    await host.start()
    await waitFor(() => trades(host) > 0, 'a trade', 12_000)
    await writeFile(file, '')
    await waitFor(() => host.status().state === 'halted', 'the halt')
    expect(host.status().halts[0]).toMatchObject({ rule: 'file' })
    await rm(file)
    await waitFor(() => host.status().state === 'trading', 'trading again')
    await host.stop()
  })

  it('refuses a port that is taken, a plug-in that is not there and a strategy that cannot run, and leaves nothing open', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await waitFor(() => taken.listening, 'the server')
    const { port } = taken.address() as { port: number }
    await expect(hostOf(venues.configuration({ mode: 'paper', server: { port } })).start()).rejects.toThrow(
      `127.0.0.1:${port}`,
    )
    taken.close()
    await expect(hostOf(venues.configuration({ mode: 'paper', plugins: ['no-such-plug-in'] })).start()).rejects.toThrow(
      'no-such-plug-in',
    )
    await expect(
      hostOf(
        venues.configuration({
          mode: 'paper',
          instruments: ['BTC/USDT', 'XRP/USDT', 'XRP/BTC'],
          strategies: [{ type: 'triangular' }],
        }),
      ).start(),
    ).rejects.toThrow(ConfigurationException)
  })
})
