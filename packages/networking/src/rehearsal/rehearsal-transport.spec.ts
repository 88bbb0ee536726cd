import { SeededRandom, silentLogger, systemClock } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { RestClient } from '../rest/rest-client.js'
import type { RehearsedRequest } from './rehearsal-stream.js'
import { RehearsalTransport } from './rehearsal-transport.js'

describe('RehearsalTransport', () => {
  it('answers what would have gone out, and says of the rest that it is not there', async () => {
    const seen: RehearsedRequest[] = []
    const origin = 'https://nowhere.invalid'
    const client = new RestClient({
      origin,
      clock: systemClock,
      random: new SeededRandom(1),
      logger: silentLogger,
      transport: new RehearsalTransport(origin, systemClock, (request) => {
        seen.push(request)
        return request.path === '/order' ? '"ü"' : undefined
      }),
    })
    await client.warmUp()
    const parse = (text: string): unknown => JSON.parse(text)
    const order = { method: 'POST', path: '/order', query: 'a=1', body: '{"b":2}', priority: 'order', parse } as const
    expect(await client.request(order)).toBe('ü')
    await expect(client.request({ method: 'GET', path: '/else', priority: 'account', parse })).rejects.toMatchObject({
      httpStatus: 404,
    })
    expect(seen).toEqual([
      { method: 'POST', path: '/order', query: 'a=1', body: '{"b":2}' },
      { method: 'GET', path: '/else', query: '', body: '' },
    ])
    await client.close()
  })
})
