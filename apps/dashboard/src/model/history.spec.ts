import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { HistoryApi } from './history-api.js'
import { equityLine, fromMsOf, rangeOfDay, scopesOf } from './history-scope.js'

const msPerDay = 86_400_000
const day = Date.UTC(2026, 10, 24)
const { signal } = new AbortController()

describe('HistoryApi', () => {
  let server: Server | undefined
  const asked: { readonly url: string; readonly token: string | undefined }[] = []

  async function serve(status: number, answer: string): Promise<string> {
    server = createServer((request, response) => {
      asked.push({ url: request.url!, token: request.headers.authorization })
      response.writeHead(status).end(answer)
    })
    await new Promise<void>((resolve) => void server!.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  afterEach(async () => {
    asked.length = 0
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)))
    server = undefined
  })

  it('asks for what was chosen and leaves out the rest', async () => {
    const api = new HistoryApi(await serve(200, '{"rows":[1]}'), () => undefined)
    const parameters = { mode: 'live', fromMs: 5, before: undefined }
    expect(await api.trades(parameters, signal)).toEqual({ ok: true, rows: [1] })
    await api.days({}, signal)
    await api.equity({ maxPoints: 3 }, signal)
    await api.journals(signal)
    await api.trade({ correlationId: 'c/1', journal: 'live' } as never, signal)
    expect(asked.map(({ url }) => url)).toEqual([
      '/history/trades?mode=live&fromMs=5',
      '/history/days',
      '/history/equity?maxPoints=3',
      '/history/journals',
      '/history/trades/c%2F1?journal=live',
    ])
    expect(asked[0]!.token).toBeUndefined()
  })

  it('shows the token where there is one, and says what the engine answered', async () => {
    const api = new HistoryApi(await serve(503, '{"error":"Nothing is stored."}'), () => 'secret')
    expect(await api.journals(signal)).toEqual({ ok: false, message: 'Nothing is stored.' })
    expect(asked[0]!.token).toBe('Bearer secret')
  })

  it('says when the engine does not answer, or not in words', async () => {
    const silent = { ok: false, message: 'The engine does not answer.' }
    expect(await new HistoryApi('http://127.0.0.1:1', () => undefined).journals(signal)).toEqual(silent)
    expect(await new HistoryApi(await serve(500, '{}'), () => undefined).journals(signal)).toEqual({
      ok: false,
      message: 'The engine answered 500.',
    })
  })
})

describe('the scope of the history', () => {
  it('goes back whole days of UTC, today included', () => {
    const noon = day + msPerDay / 2
    expect([fromMsOf(1, noon), fromMsOf(7, noon), fromMsOf(0, noon)]).toEqual([day, day - 6 * msPerDay, undefined])
    expect(rangeOfDay('2026-11-24')).toEqual({ fromMs: day, toMs: day + msPerDay })
  })

  it('offers this run, every mode and every run', () => {
    const journal = { createdAtMs: 0, position: 0 }
    const scopes = scopesOf([
      { journal: 'simulated-2', mode: 'simulated', ...journal },
      { journal: 'simulated-1', mode: 'simulated', ...journal },
      { journal: 'live', mode: 'live', ...journal },
    ])
    expect(scopes.map(({ label }) => label)).toEqual([
      'This run',
      'All simulated runs',
      'All live runs',
      'simulated-2',
      'simulated-1',
      'live',
    ])
    expect(scopes.map(({ parameters }) => parameters).slice(0, 4)).toEqual([
      {},
      { mode: 'simulated' },
      { mode: 'live' },
      { journal: 'simulated-2' },
    ])
  })

  it('breaks the line of equity where another run begins', () => {
    const point = (journal: string, atMs: number) => ({ journal, atMs, asset: 'USDT', equity: '5', realised: '0' })
    expect(equityLine([point('a', 1), point('a', 2), point('b', 9)])).toEqual([
      [1, 5],
      [2, 5],
      [8, null],
      [9, 5],
    ])
  })
})
