import {
  ConfigurationException,
  createExchangeId,
  silentLogger,
  systemClock,
  systemRandom,
} from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { ComponentRegistry } from '../../factory/component-registry.js'
import { FactoryManager } from '../../factory/factory-manager.js'
import * as entry from './index.js'

const context = { clock: systemClock, random: systemRandom, logger: silentLogger }
const gateio = createExchangeId('gateio')

describe('the Gate.io entry', () => {
  it('exports what it says', () => {
    expect(Object.keys(entry).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'GateioExchangeFactory',
      'GateioMarketDataDecoder',
      'createGateioCapabilities',
      'createGateioFuturesCapabilities',
      'gateioExchangeId',
      'gateioFrameKind',
      'registerExchange',
    ])
  })

  it('registers spot and futures, with and without a key, and both replays', async () => {
    const manager = new FactoryManager(new ComponentRegistry(), () => context)
    manager.register(entry.registerExchange)
    expect(manager.publicExchange(gateio, 'spot').marketType).toBe('spot')
    expect(manager.privateExchange(gateio, 'spot').capabilities.orderEntry).toEqual(['websocket', 'rest'])
    const futures = manager.publicExchange(gateio, 'futures')
    expect(futures.capabilities).toMatchObject({ marketType: 'futures', streamedDepth: 20 })
    expect(futures.funding).toBeDefined()
    expect(manager.privateExchange(gateio, 'futures').positions).toBeDefined()
    expect(manager.createCaptureReplay(gateio, 'spot').books()).toEqual([])
    expect(manager.createCaptureReplay(gateio, 'futures').books()).toEqual([])
    await manager.close()
  })

  it('names every option that is wrong', () => {
    const options = { streamIntervalMs: 50, orderEntry: 'pigeon' }
    const manager = new FactoryManager(new ComponentRegistry(), () => ({ ...context, options }))
    manager.register(entry.registerExchange)
    expect(() => manager.publicExchange(gateio, 'spot')).toThrow(ConfigurationException)
    try {
      manager.publicExchange(gateio, 'spot')
    } catch (error) {
      expect((error as ConfigurationException).problems.map(({ path }) => path)).toEqual([
        'exchanges.gateio.streamIntervalMs',
        'exchanges.gateio.orderEntry',
      ])
    }
  })
})
