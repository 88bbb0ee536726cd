import { SeededRandom, createExchangeId, silentLogger } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { getEnabledExchanges, loadConfig } from '@cex-arbitrage/config'
import { describe, expect, it } from 'vitest'
import { createExchangeContext } from './exchange-contexts.js'

function contextOf(overrides: Readonly<Record<string, unknown>>, exchange = 'gateio') {
  const config = loadConfig({ env: {}, overrides })
  const id = createExchangeId(exchange)
  const sources = {
    clock: new ManualClock(),
    random: new SeededRandom(1),
    logger: silentLogger,
    network: config.network,
  }
  return createExchangeContext(id, getEnabledExchanges(config.exchanges).get(id)!, sources, undefined)
}

describe('createExchangeContext', () => {
  it('hands every setting of the network on', () => {
    const network = {
      connectTimeoutMs: 101,
      requestTimeoutMs: 102,
      retry: { maxAttempts: 4, initialDelayMs: 103, maxDelayMs: 104 },
      circuitBreaker: { windowMs: 105, minimumCalls: 6, failureRate: 0.7, openMs: 108, maxOpenMs: 109, probes: 9 },
      pool: { connectionsPerOrigin: 10, keepAliveMs: 1011 },
      websocket: {
        openTimeoutMs: 112,
        heartbeatIntervalMs: 1013,
        silenceTimeoutMs: 3014,
        reconnectInitialDelayMs: 115,
        reconnectMaxDelayMs: 116,
        maxFrameBytes: 2017,
      },
    }
    expect(contextOf({ network }).tuning).toEqual({
      rest: {
        timeouts: { connectMs: 101, headersMs: 102, bodyMs: 102, totalMs: 102 },
        retry: { maxAttempts: 4, backoff: { initialMs: 103, maxMs: 104 } },
        circuit: network.circuitBreaker,
        connections: 10,
        keepAliveMs: 1011,
      },
      webSocket: {
        connectTimeoutMs: 112,
        pingIntervalMs: 1013,
        maxSilenceMs: 3014,
        reconnectBackoff: { initialMs: 115, maxMs: 116 },
        maxPayloadBytes: 2017,
      },
    })
  })

  it('hands addresses of spot and futures and the options of the exchange on, and no key that is not there', () => {
    const urls = { rest: 'http://a.test', websocket: 'ws://b.test', futuresRest: 'http://c.test' }
    const context = contextOf({ exchanges: { gateio: { urls, bookFeed: 'obu' } } })
    expect(context).toMatchObject({ restUrl: 'http://a.test', webSocketUrl: 'ws://b.test' })
    expect(context.options).toMatchObject({ bookFeed: 'obu', futuresRestUrl: 'http://c.test' })
    expect(context.options).not.toHaveProperty('futuresWebSocketUrl')
    expect(context).not.toHaveProperty('credentials')
  })
})
