import { renameSync } from 'node:fs'
import { ConfigurationException, silentLogger, systemClock, type LogFields, type Logger } from '@cex-arbitrage/common'
import { ManualClock, waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigManager, type ConfigManagerOptions, type ConfigReload } from './config-manager.js'
import { TemporaryFolder } from './testing/temporary-folder.js'

let folder: TemporaryFolder
let managers: ConfigManager[]
beforeEach(() => {
  folder = new TemporaryFolder()
  managers = []
})
afterEach(() => {
  for (const manager of managers) manager.close()
  folder.close()
})

const write = (text: string): string => folder.write('config.yaml', text)

function create(text: string, options: Partial<ConfigManagerOptions> = {}): ConfigManager {
  const source = { file: write(text), env: {} }
  const manager = new ConfigManager({ source, clock: new ManualClock(), log: silentLogger, ...options })
  managers.push(manager)
  return manager
}

function listen(manager: ConfigManager): ConfigReload[] {
  const heard: ConfigReload[] = []
  manager.onReload((reload) => heard.push(reload))
  return heard
}

describe('ConfigManager', () => {
  it('throws every problem at the start', () => {
    expect(() => create('mode: lve\n')).toThrow(ConfigurationException)
  })

  it('hands out one frozen object until its five minutes are up', async () => {
    const clock = new ManualClock()
    const manager = create('risk: { maxOpenOrders: 1 }\n', { clock })
    const first = manager.get()
    write('risk: { maxOpenOrders: 2 }\n')
    await clock.advance(299_999)
    expect(manager.get()).toBe(first)
    await clock.advance(1)
    expect(manager.get().risk.maxOpenOrders).toBe(2)
    expect(first.risk.maxOpenOrders).toBe(1)
    expect(Object.isFrozen(manager.get().risk)).toBe(true)
  })

  it('takes another time to live', async () => {
    const clock = new ManualClock()
    const manager = create('risk: { maxOpenOrders: 1 }\n', { clock, ttlMs: 10 })
    write('risk: { maxOpenOrders: 2 }\n')
    await clock.advance(10)
    expect(manager.get().risk.maxOpenOrders).toBe(2)
  })

  it('keeps the same object when nothing has changed', () => {
    const manager = create('mode: paper\n')
    const before = manager.get()
    const heard = listen(manager)
    expect(manager.reload()).toEqual({ config: before, applied: [], refused: [], problems: [] })
    expect(manager.get()).toBe(before)
    expect(heard).toEqual([])
  })

  it('takes over what is safe and says what needs a restart', () => {
    const manager = create('risk: { maxOpenOrders: 1 }\nserver: { port: 1 }\n')
    const heard = listen(manager)
    write('risk: { maxOpenOrders: 2 }\nserver: { port: 2 }\n')
    const { applied, refused } = manager.reload()
    expect(applied).toEqual([{ path: 'risk.maxOpenOrders', from: 1, to: 2 }])
    expect(refused).toEqual([{ path: 'server.port', from: 1, to: 2 }])
    expect(manager.get()).toMatchObject({ risk: { maxOpenOrders: 2 }, server: { port: 1 } })
    expect(heard).toHaveLength(1)
  })

  it('keeps the old configuration when the new one is wrong, and heals', () => {
    const manager = create('risk: { maxOpenOrders: 1 }\n')
    write('risk: { maxOpenOrders: 0 }\n')
    expect(manager.reload().problems.map(({ path }) => path)).toEqual(['risk.maxOpenOrders'])
    expect(manager.get().risk.maxOpenOrders).toBe(1)
    write('risk: { maxOpenOrders: 3 }\n')
    expect(manager.reload().problems).toEqual([])
    expect(manager.get().risk.maxOpenOrders).toBe(3)
  })

  it('takes over nothing when old and new settings contradict each other', () => {
    const old = 'instruments: [BTC/USDT]\nstrategies: [{ type: spot-spot, maxNotional: 100 }]\n'
    const manager = create(old)
    write('instruments: [ETH/BTC]\nstrategies: [{ type: spot-spot, maxNotional: 900 }]\n')
    const { applied, refused, problems } = manager.reload()
    expect(applied).toEqual([])
    expect(refused.map(({ path }) => path)).toEqual(['strategies.0.maxNotional', 'instruments'])
    expect(problems[0]?.path).toBe('strategies.0.maxNotional')
    expect(problems[0]?.message).toMatch(/restart to use the new settings together$/)
    expect(manager.get().strategies[0]?.maxNotional.toString()).toBe('100')
  })

  it('tells the same trouble once, and nothing to who has left', () => {
    const manager = create('server: { port: 1 }\n')
    const heard = listen(manager)
    const deaf: ConfigReload[] = []
    const leave = manager.onReload((reload) => deaf.push(reload))
    leave()
    write('server: { port: 2 }\n')
    manager.reload()
    manager.reload()
    expect(heard).toHaveLength(1)
    write('server: { port: 3 }\n')
    manager.reload()
    expect(heard).toHaveLength(2)
    expect(deaf).toEqual([])
  })

  it('sees a file that is written or replaced', async () => {
    const manager = create('risk: { maxOpenOrders: 1 }\n', { clock: systemClock, debounceMs: 5 })
    manager.watch()
    manager.watch()
    write('risk: { maxOpenOrders: 2 }\n')
    await waitFor(() => manager.get().risk.maxOpenOrders === 2, 'the written file')
    const file = `${folder.path}/config.yaml`
    renameSync(folder.write('next.yaml', 'risk: { maxOpenOrders: 3 }\n'), file)
    await waitFor(() => manager.get().risk.maxOpenOrders === 3, 'the replaced file')
    renameSync(folder.write('next.yaml', 'risk: { maxOpenOrders: 4 }\n'), file)
    await waitFor(() => manager.get().risk.maxOpenOrders === 4, 'the file replaced again')
  })

  it('waits until a burst of changes is over', async () => {
    const clock = new ManualClock()
    const manager = create('risk: { maxOpenOrders: 1 }\n', { clock, debounceMs: 100 })
    const heard = listen(manager)
    manager.watch()
    write('risk: { maxOpenOrders: 2 }\n')
    await waitFor(() => clock.pendingTimers === 1, 'the first change')
    write('risk: { maxOpenOrders: 3 }\n')
    await clock.advance(50)
    expect(heard).toEqual([])
    await waitFor(() => clock.pendingTimers === 1, 'the pending look')
    await clock.advance(1000)
    expect(manager.get().risk.maxOpenOrders).toBe(3)
    expect(heard).toHaveLength(1)
  })

  it('works without a file to watch, and where the folder cannot be watched', () => {
    const warnings: LogFields[] = []
    const log: Logger = { ...silentLogger, warn: (fields) => void warnings.push(fields) }
    const options = { clock: new ManualClock(), log }
    const without = new ConfigManager({ ...options, source: { env: {} } })
    without.watch()
    expect(without.get().mode).toBe('simulated')
    const gone = new TemporaryFolder()
    const manager = new ConfigManager({ ...options, source: { file: gone.write('a.yaml', ''), env: {} } })
    gone.close()
    manager.watch()
    expect(warnings).toHaveLength(1)
    without.close()
    manager.close()
  })

  it('logs what it did', () => {
    const lines: string[] = []
    const note = (_: LogFields, message: string): void => void lines.push(message)
    const log: Logger = { ...silentLogger, info: note, warn: note, error: note }
    const manager = create('server: { port: 1 }\n', { log })
    write('server: { port: 2 }\nrisk: { maxOpenOrders: 2 }\n')
    manager.reload()
    write('server: { port: -1 }\n')
    manager.reload()
    expect(lines).toEqual([
      'configuration changed',
      'configuration change needs a restart',
      'configuration was not reloaded',
    ])
  })
})
