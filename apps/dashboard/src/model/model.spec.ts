import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { ControlApi } from './control-api.js'
import {
  formatAmount,
  formatBps,
  formatCause,
  formatCount,
  formatDuration,
  formatMicroseconds,
  formatSigned,
  formatTime,
  signOf,
} from './format.js'
import { tokenProtocol } from './live-feed.js'
import { keepTheme, nextTheme, readTheme } from './theme.js'
import { TokenStore } from './token-store.js'

class MemoryStorage {
  readonly items = new Map<string, string>()
  getItem = (key: string): string | null => this.items.get(key) ?? null
  setItem = (key: string, value: string): void => void this.items.set(key, value)
  removeItem = (key: string): void => void this.items.delete(key)
}

const thin = '\u202F'

describe('what is shown', () => {
  it.each([
    [formatCount(1_234_567), `1${thin}234${thin}567`],
    [formatAmount('-1234.56789', 2), `−1${thin}234.56`],
    [formatAmount('-0.00001', 4), '0.0000'],
    [formatAmount('12'), '12'],
    [formatSigned('0.5'), '+0.5'],
    [formatSigned('0.00'), '0.00'],
    [formatSigned('-2.123456', 3), '−2.123'],
    [formatBps(12.34), '+12.3 bps'],
    [formatTime(Date.UTC(2026, 0, 2, 3, 4, 5)), '03:04:05'],
    [formatDuration(-5), '0 s'],
    [formatDuration(59_999), '59 s'],
    [formatDuration(250_000), '4 min 10 s'],
    [formatDuration(7_500_000), '2 h 5 min'],
    [formatDuration(273_600_000), '3 d 4 h'],
    [formatMicroseconds(999), '999 µs'],
    [formatMicroseconds(2_500), '2.5 ms'],
    [formatMicroseconds(25_000), '25 ms'],
    [formatMicroseconds(2_500_000), '2.5 s'],
    [formatCause('unknown_order'), 'unknown order'],
  ])('%s is %s', (shown, wanted) => {
    expect(shown).toBe(wanted)
  })

  it('knows gains from losses', () => {
    expect([signOf('-0.1'), signOf('0.00'), signOf(3)]).toEqual([-1, 0, 1])
  })
})

describe('TokenStore', () => {
  it('takes the token out of the address and leaves the rest of it', () => {
    const tokens = new TokenStore(new MemoryStorage())
    expect(tokens.takeFrom('#trades')).toBe('#trades')
    expect(tokens.token).toBeUndefined()
    expect(tokens.takeFrom('#token=abc-_1&view=books')).toBe('view=books')
    expect(tokens.token).toBe('abc-_1')
    tokens.forget()
    expect(tokens.token).toBeUndefined()
  })

  it('writes the token as a subprotocol may be written', () => {
    expect(tokenProtocol('a?b>c~')).toMatch(/^bearer\.[A-Za-z0-9_-]+$/)
    expect(Buffer.from(tokenProtocol('a?b>c~').slice(7), 'base64url').toString()).toBe('a?b>c~')
  })
})

describe('the theme', () => {
  it('goes round, is kept, and follows the device where what was kept is unknown', () => {
    const storage = new MemoryStorage()
    expect(readTheme(storage)).toBe('system')
    keepTheme(storage, nextTheme('system'))
    expect(readTheme(storage)).toBe('light')
    expect(nextTheme(nextTheme('light'))).toBe('system')
    storage.items.forEach((_, key) => storage.setItem(key, 'purple'))
    expect(readTheme(storage)).toBe('system')
  })
})

describe('ControlApi', () => {
  let server: Server | undefined
  const seen: { readonly route: string; readonly token: string | undefined; readonly body: unknown }[] = []

  async function serve(status: number, answer: string): Promise<string> {
    server = createServer((request, response) => {
      let text = ''
      request.on('data', (chunk: Buffer) => (text += chunk.toString()))
      request.on('end', () => {
        seen.push({
          route: `${request.method} ${request.url}`,
          token: request.headers.authorization,
          body: JSON.parse(text),
        })
        response.writeHead(status).end(answer)
      })
    })
    await new Promise<void>((resolve) => void server!.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  afterEach(async () => {
    seen.length = 0
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)))
    server = undefined
  })

  it('shows the token with each command', async () => {
    const api = new ControlApi(await serve(200, '{}'), () => 'secret')
    const results = [await api.halt('why'), await api.resume('api'), await api.pause(), await api.start()]
    expect(results).toEqual(Array.from({ length: 4 }, () => ({ ok: true })))
    expect(seen.map(({ route, body }) => [route, body])).toEqual([
      ['POST /halt', { reason: 'why' }],
      ['POST /resume', { rule: 'api' }],
      ['POST /pause', {}],
      ['POST /start', {}],
    ])
    expect(new Set(seen.map(({ token }) => token))).toEqual(new Set(['Bearer secret']))
  })

  it('keeps amounts as exact text, and tells counts and lists by asset apart', async () => {
    const api = new ControlApi(await serve(200, '{}'), () => 'secret')
    for (const value of ['0.10', '12', '{"BTC":"1"}', '{broken', null]) await api.changeLimit('x', value)
    expect(seen.map(({ body }) => body)).toEqual([
      { x: '0.10' },
      { x: 12 },
      { x: { BTC: '1' } },
      { x: '{broken' },
      { x: null },
    ])
  })

  it('asks for a token that is missing or wrong', async () => {
    expect(await new ControlApi('http://127.0.0.1:1', () => undefined).pause()).toMatchObject({ needsToken: true })
    const api = new ControlApi(await serve(401, '{"error":"Show it."}'), () => 'wrong')
    expect(await api.pause()).toEqual({ ok: false, needsToken: true, message: 'Show it.' })
  })

  it('tells every problem of what was refused', async () => {
    const answer = JSON.stringify({ error: 'Not changed.', problems: [{ path: 'risk.x', message: 'too small' }] })
    const api = new ControlApi(await serve(422, answer), () => 'secret')
    expect(await api.changeLimit('x', '1')).toEqual({
      ok: false,
      needsToken: false,
      message: 'Not changed. risk.x: too small',
    })
  })

  it('says so when the engine is away or answers nonsense', async () => {
    expect(await new ControlApi('http://127.0.0.1:1', () => 'secret').pause()).toMatchObject({
      needsToken: false,
      message: 'The engine does not answer.',
    })
    const api = new ControlApi(await serve(500, 'oops'), () => 'secret')
    expect(await api.pause()).toMatchObject({ message: 'The engine answered 500.' })
  })
})
