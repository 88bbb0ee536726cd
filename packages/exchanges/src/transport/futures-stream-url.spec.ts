import { ConfigurationException, createExchangeId } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { futuresStreamUrl } from './futures-stream-url.js'

const exchange = createExchangeId('example')
const own = 'wss://futures.example'

describe('the address of futures streams', () => {
  it('is the one given, else the exchange’s own', () => {
    expect(futuresStreamUrl(exchange, { webSocketUrl: 'ws://local' }, 'ws://local/futures', own)).toBe(
      'ws://local/futures',
    )
    expect(futuresStreamUrl(exchange, {}, undefined, own)).toBe(own)
  })

  it('is never the exchange’s own while the spot streams are elsewhere', () => {
    const unset = () => futuresStreamUrl(exchange, { webSocketUrl: 'ws://local' }, undefined, own)
    expect(unset).toThrow(ConfigurationException)
    expect(unset).toThrow('urls.futuresWebsocket')
  })
})
