import { SeededRandom, createExchangeId, silentLogger } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import type { ExchangeContext } from '../factory/exchange-context.js'
import { createStreamOptions } from './stream-options.js'

const exchange = createExchangeId('example')
const context: ExchangeContext = { clock: new ManualClock(), random: new SeededRandom(1), logger: silentLogger }
const needs = { pingIntervalMs: 10_000, createPing: (nowMs: number) => `ping ${nowMs}`, maxSilenceMs: 60_000 }

describe('createStreamOptions', () => {
  it('keeps to what the exchange wants where nobody says otherwise', () => {
    const options = createStreamOptions(context, exchange, needs)
    expect(options.heartbeat?.applicationPing).toEqual({ intervalMs: 10_000, createPayload: needs.createPing })
    expect(options).toMatchObject({ exchange, maxSilenceMs: 60_000 })
    expect(options).not.toHaveProperty('reconnect')
    const backoff = { initialMs: 1, maxMs: 2 }
    expect(createStreamOptions(context, exchange, { ...needs, reconnectBackoff: backoff }).reconnect).toEqual({
      backoff,
    })
  })

  it('follows the operator, who may ping more often than the exchange wants and not less', () => {
    const webSocket = { maxSilenceMs: 5_000, connectTimeoutMs: 7, maxPayloadBytes: 8 }
    const reconnectBackoff = { initialMs: 3, maxMs: 4 }
    const tuned = (pingIntervalMs: number) =>
      createStreamOptions(
        { ...context, tuning: { webSocket: { ...webSocket, pingIntervalMs, reconnectBackoff } } },
        exchange,
        { ...needs, reconnectBackoff: { initialMs: 1, maxMs: 2 } },
      )
    expect(tuned(2_000)).toMatchObject({ ...webSocket, reconnect: { backoff: reconnectBackoff } })
    expect(tuned(2_000).heartbeat?.applicationPing?.intervalMs).toBe(2_000)
    expect(tuned(20_000).heartbeat?.applicationPing?.intervalMs).toBe(10_000)
  })
})
