import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseException, silentLogger } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { ConfigManager, loadConfig } from '@cex-arbitrage/config'
import type { HistoryQueries } from '@cex-arbitrage/storage'
import { fastify } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { sampleModel } from '../testing/sample-model.js'
import { ApiServer, type ApiServerOptions } from '../testing/api-server.js'
import { createOpenApiDocument } from './openapi/create-openapi-document.js'
import { modelSchema } from './openapi/model-schemas.js'
import { addControlRoutes } from './control-routes.js'
import { addEngineRoutes } from './engine-routes.js'
import { addHistoryRoutes, historyAsks } from './history-routes.js'
import { addModelRoutes } from './model-routes.js'
import { addStatusRoutes } from './status-routes.js'

const commands = [
  ['POST', '/halt', {}],
  ['POST', '/resume', { rule: 'api' }],
  ['POST', '/pause', undefined],
  ['POST', '/start', undefined],
  ['POST', '/stop', undefined],
  ['POST', '/reload', undefined],
  ['PATCH', '/limits', { maxDailyLoss: '1' }],
] as const
const reads = ['/status', '/model', '/equity', '/metrics', '/limits', '/openapi.json', '/history/trades']

let server: ApiServer | undefined
const open = async (options: ApiServerOptions = {}): Promise<ApiServer> =>
  (server = await new ApiServer(options).start())

afterEach(async () => {
  await server?.close()
  server = undefined
})

describe('who may use the API', () => {
  it.each(commands)(
    'refuses %s %s without the token or with a wrong one, and changes nothing',
    async (method, path, body) => {
      const api = await open()
      for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: ApiServer.token }])
        expect((await api.send(method, path, headers, body)).status).toBe(401)
      expect(api.killSwitch.causes).toEqual([])
      expect(api.settings.limits.maxDailyLoss.toString()).toBe('100')
    },
  )

  it.each(commands)(
    'refuses %s %s from a page of another origin although it has the token',
    async (method, path, body) => {
      const api = await open()
      const headers = { authorization: `Bearer ${ApiServer.token}`, origin: 'https://evil.example' }
      expect((await api.send(method, path, headers, body)).status).toBe(403)
      expect(api.killSwitch.causes).toEqual([])
    },
  )

  it('refuses a page that reaches it under a name of its own', async () => {
    const api = await open()
    for (const path of [...reads, '/']) expect((await api.send('GET', path, { host: 'evil.example' })).status).toBe(403)
  })

  it('lets readers on this machine look without the token, and no page of another origin read', async () => {
    const api = await open()
    for (const path of ['/health', '/status', '/model', '/equity', '/metrics', '/limits', '/openapi.json']) {
      const answer = await api.send('GET', path)
      expect([200, 503]).toContain(answer.status)
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
      expect((await api.send('GET', path, { origin: 'https://evil.example' })).status).toBe(403)
    }
  })

  it('asks readers for the token too where it is not on loopback', async () => {
    const api = await open({ host: '0.0.0.0' })
    for (const path of reads) {
      expect((await api.send('GET', path)).status).toBe(401)
      expect((await api.command('GET', path)).status).not.toBe(401)
    }
    expect((await api.send('GET', '/health')).status).toBe(200)
  })

  it('holds an address to its rate, but never the kill switch', async () => {
    const api = await open()
    const ask = async (): Promise<number> => (await api.send('GET', '/health')).status
    const statuses: number[] = []
    // More at once than fit into the queue of a listening socket would be refused by the system.
    while (statuses.length < 1_010) statuses.push(...(await Promise.all(Array.from({ length: 101 }, ask))))
    expect(statuses.filter((status) => status === 429)).toHaveLength(10)
    expect((await api.command('POST', '/pause')).status).toBe(429)
    expect((await api.command('POST', '/halt', {})).status).toBe(200)
    await api.clock.advance(1_000)
    expect((await api.send('GET', '/health')).status).toBe(200)
  })
})

describe('what operators may do', () => {
  it('pauses and starts again, and leaves other halts in force', async () => {
    const api = await open()
    expect((await api.command('POST', '/pause')).json()).toMatchObject({ halts: [{ rule: 'pause' }] })
    api.killSwitch.halt({ rule: 'daily_loss', detail: 'lost' })
    expect((await api.command('POST', '/start')).json()).toMatchObject({ halts: [{ rule: 'daily_loss' }] })
  })

  it('asks the process to end, where somebody listens', async () => {
    let asked = 0
    const api = await open({ requestStop: () => asked++ })
    expect((await api.command('POST', '/stop')).status).toBe(202)
    expect(asked).toBe(1)
    await api.close()
    const deaf = await open()
    expect((await deaf.command('POST', '/stop')).status).toBe(409)
  })

  it('changes limits at once and all or none of them', async () => {
    const api = await open()
    const { limits } = api.settings
    const changed = await api.command('PATCH', '/limits', { maxDailyLoss: '50', maxOpenOrders: 3 })
    expect((changed.json() as { limits: object[] }).limits).toContainEqual({
      name: 'maxDailyLoss',
      value: '50',
      changed: true,
    })
    expect([limits.maxDailyLoss.toString(), limits.maxOpenOrders]).toEqual(['50', 3])
    const refused = await api.command('PATCH', '/limits', { maxDailyLoss: '10', maxOpenOrders: -1 })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('risk.maxOpenOrders')
    expect([limits.maxDailyLoss.toString(), limits.maxOpenOrders]).toEqual(['50', 3])
    await api.command('PATCH', '/limits', { maxDailyLoss: null })
    expect(limits.maxDailyLoss.toString()).toBe('100')
  })

  it.each([{ nonsense: 1 }, { reportingAsset: 'BTC' }, ['list'], 'text'])('refuses %j as limits', async (body) => {
    const api = await open()
    expect((await api.command('PATCH', '/limits', body)).status).toBeGreaterThanOrEqual(400)
    expect((await api.command('PATCH', '/limits', body)).status).toBeLessThan(500)
  })

  it('says that limits cannot change yet while the engine starts', async () => {
    const api = await open({ settings: () => undefined })
    expect((await api.command('PATCH', '/limits', { maxOpenOrders: 1 })).text).toContain('starting')
    expect((await api.send('GET', '/limits')).json()).toEqual({ limits: [] })
  })

  it('reads the configuration again, keeps the word of the operator, and says what needs a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-reload-'))
    const file = join(folder, 'config.yaml')
    await writeFile(file, 'risk: { maxDailyLoss: 100 }')
    const configManager = new ConfigManager({ source: { file, env: {} }, clock: new ManualClock(), log: silentLogger })
    try {
      const api = await open({ configManager })
      await api.command('PATCH', '/limits', { maxOpenOrders: 7 })
      await writeFile(file, 'risk: { maxDailyLoss: 60, maxOpenOrders: 9 }\nserver: { port: 9999 }')
      const answer = await api.command('POST', '/reload')
      expect(answer.json()).toMatchObject({
        applied: expect.arrayContaining([expect.objectContaining({ path: 'risk.maxDailyLoss' })]),
        needRestart: [{ path: 'server.port' }],
        problems: [],
      })
      expect([api.settings.limits.maxDailyLoss.toString(), api.settings.limits.maxOpenOrders]).toEqual(['60', 7])
      await writeFile(file, 'risk: { maxDailyLoss: nonsense }')
      expect((await api.command('POST', '/reload')).status).toBe(422)
      expect(api.settings.limits.maxDailyLoss.toString()).toBe('60')
    } finally {
      configManager.close()
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('has nothing to reload where the configuration came from nowhere', async () => {
    const api = await open()
    expect((await api.command('POST', '/reload')).status).toBe(409)
  })
})

describe('what readers see', () => {
  it('answers the model, the equity and the metrics, and 503 while the engine starts', async () => {
    const api = await open()
    expect((await api.send('GET', '/model')).json()).toEqual(JSON.parse(JSON.stringify(sampleModel)))
    expect((await api.send('GET', '/equity')).json()).toEqual({ points: [sampleModel.equity] })
    expect((await api.send('GET', '/metrics')).text).toContain('cex_arbitrage_engine_up 1')
    await api.close()
    const starting = await open({ composed: false })
    for (const path of ['/model', '/equity', '/metrics']) expect((await starting.send('GET', path)).status).toBe(503)
  })

  it('asks the database, refuses what it cannot read, and says when there is none', async () => {
    const asked: unknown[] = []
    const history = {
      recentTrades: async (filter: unknown) => [asked.push(filter)],
      tradeDetail: async (id: string) => ({ id }),
      venueHealthSeries: async (exchange: string) => [exchange],
    } as unknown as HistoryQueries
    const api = await open({ history })
    expect((await api.send('GET', '/history/trades?limit=5&symbol=BTC%2FUSDT')).json()).toEqual({ rows: [1] })
    expect(asked).toEqual([{ limit: 5, symbol: 'BTC/USDT' }])
    expect((await api.send('GET', '/history/trades/c-1')).json()).toEqual({ rows: { id: 'c-1' } })
    expect((await api.send('GET', '/history/exchanges?exchange=mexc')).json()).toEqual({ rows: ['mexc'] })
    expect((await api.send('GET', '/history/trades?limit=many')).status).toBe(400)
    await api.close()
    expect((await (await open()).send('GET', '/history/trades')).status).toBe(503)
  })

  it('has a query behind each path of the history, and says so when the database is away', async () => {
    const names = Object.keys(historyAsks)
    const present = new Proxy({}, { get: (_target, query) => async () => [String(query)] }) as HistoryQueries
    const api = await open({ history: present })
    const answers = await Promise.all(names.map(async (name) => (await api.send('GET', `/history/${name}`)).json()))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(names.length)
    await api.close()
    const failing = async () => {
      throw new DatabaseException({ message: 'away' })
    }
    const away = new Proxy({}, { get: () => failing }) as HistoryQueries
    const answer = await (await open({ history: away })).send('GET', '/history/summary')
    expect([answer.status, answer.json()]).toEqual([503, { error: 'away' }])
  })

  it('serves the page with headers that keep other pages out', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-page-'))
    await mkdir(join(folder, 'assets'))
    await writeFile(join(folder, 'index.html'), '<!doctype html>page')
    await writeFile(join(folder, 'assets/a.js'), 'code')
    try {
      const api = await open({ pageFolder: folder })
      const page = await api.send('GET', '/')
      expect([page.status, page.text]).toEqual([200, '<!doctype html>page'])
      expect(page.headers).toMatchObject({
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-cache',
      })
      expect((await api.send('GET', '/assets/a.js')).headers['cache-control']).toContain('immutable')
      expect((await api.send('GET', '/status')).headers['cache-control']).toBe('no-store')
      expect((await api.send('GET', '/../package.json')).status).toBeGreaterThanOrEqual(400)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('says how to get a page that is not built', async () => {
    const answer = await (await open()).send('GET', '/')
    expect([answer.status, answer.text]).toEqual([404, expect.stringContaining('npm run build')])
  })
})

describe('the OpenAPI document', () => {
  const document = createOpenApiDocument() as { paths: Record<string, Record<string, { security: object[] }>> }

  it('is the one that is committed', async () => {
    const text = `${JSON.stringify(document, null, 2)}\n`
    await expect(text).toMatchFileSnapshot('../../../../docs/openapi.json')
  })

  it('has every route that there is, and no other', async () => {
    const app = fastify()
    const routes: string[] = ['GET /live', 'GET /openapi.json']
    app.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) if (one !== 'HEAD') routes.push(`${one} ${url.replace(/:(\w+)/g, '{$1}')}`)
    })
    const guard = { checkReader: undefined, checkToken: undefined } as never
    addStatusRoutes(app, guard, () => sampleModel)
    addControlRoutes(app, guard, undefined as never)
    addEngineRoutes(app, guard, undefined as never)
    addModelRoutes(app, guard, () => undefined)
    addHistoryRoutes(app, guard, () => undefined)
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(documented.toSorted()).toEqual(routes.toSorted())
    await app.close()
  })

  it('asks for the token exactly where something is changed', () => {
    for (const methods of Object.values(document.paths))
      for (const [method, { security }] of Object.entries(methods))
        expect(security).toHaveLength(method === 'get' ? 2 : 1)
  })

  it('describes the model as it is', () => {
    const plain = JSON.parse(JSON.stringify(sampleModel)) as unknown
    expect(modelSchema.parse(plain)).toEqual(plain)
    expect(loadConfig({ env: {} }).server.host).toBe('127.0.0.1')
  })
})
