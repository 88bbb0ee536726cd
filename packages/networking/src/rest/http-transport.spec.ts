import { ExchangeConnectionException, SeededRandom, silentLogger } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import type { HttpEvents, HttpTransport, OutgoingHttpRequest } from './http-transport.js'
import { RestClient } from './rest-client.js'

class EchoTransport implements HttpTransport {
  readonly spareCount = 7
  readonly sent: [OutgoingHttpRequest, string][] = []
  warmed = 0
  destroyed = 0
  failure: Error | undefined

  warmUp(): Promise<void> {
    this.warmed++
    return Promise.resolve()
  }

  dispatch(request: OutgoingHttpRequest, priority: string, events: HttpEvents): void {
    this.sent.push([request, priority])
    const cancellation = { abort: (): void => undefined }
    if (this.failure !== undefined) return events.onResponseError(cancellation, this.failure)
    events.onRequestStart(cancellation)
    events.onResponseStart(cancellation, 200, { 'x-answer': ['a', 'b'] })
    events.onResponseData(cancellation, Buffer.from('{"ok":true}'))
    events.onResponseEnd()
  }

  destroy(): Promise<void> {
    this.destroyed++
    return Promise.resolve()
  }
}

function createClient(): { client: RestClient; transport: EchoTransport } {
  const transport = new EchoTransport()
  const client = new RestClient({
    origin: 'http://nowhere.invalid',
    clock: new ManualClock(),
    random: new SeededRandom(1),
    logger: silentLogger,
    retry: { maxAttempts: 1 },
    transport,
  })
  return { client, transport }
}

const parse = (text: string): unknown => JSON.parse(text)

describe('a transport that is given', () => {
  it('carries the requests in place of the network', async () => {
    const { client, transport } = createClient()
    const answer = await client.send({
      method: 'POST',
      path: '/a',
      query: { b: 1 },
      body: '{}',
      priority: 'order',
      parse,
    })
    expect(answer.data).toEqual({ ok: true })
    expect(answer.headers['x-answer']).toBe('a, b')
    expect(transport.sent).toEqual([
      [
        {
          origin: 'http://nowhere.invalid',
          method: 'POST',
          path: '/a?b=1',
          headers: { 'content-type': 'application/json' },
          body: '{}',
        },
        'order',
      ],
    ])
  })

  it('says with its events whether anything was written', async () => {
    const { client, transport } = createClient()
    transport.failure = new Error('no way there')
    await expect(client.send({ method: 'POST', path: '/a', priority: 'order', parse })).rejects.toThrow(
      ExchangeConnectionException,
    )
  })

  it('is warmed up and ended with the client', async () => {
    const { client, transport } = createClient()
    await client.warmUp()
    expect(client.spareConnections).toBe(7)
    await client.close()
    expect([transport.warmed, transport.destroyed]).toEqual([1, 1])
  })
})
