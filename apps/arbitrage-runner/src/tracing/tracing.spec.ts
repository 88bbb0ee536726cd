import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { silentLogger, systemClock, systemRandom, type LogFields, type Logger } from '@cex-arbitrage/common'
import { ManualClock, waitFor } from '@cex-arbitrage/common/testing'
import { MemoryJournal, type ExecutionRecord } from '@cex-arbitrage/trading'
import { afterEach, describe, expect, it } from 'vitest'
import { EngineHost } from '../lifecycle/engine-host.js'
import { LocalVenues } from '../testing/local-venues.js'
import { openTracing } from './open-tracing.js'
import type { SpanAttributes, TraceSink, TraceSpan } from './trace-sink.js'
import { TracedJournal } from './traced-journal.js'
import { TradeTracer } from './trade-tracer.js'

/** As OTLP writes it in JSON. */
interface ReceivedSpan {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[]
  readonly events?: readonly { readonly name: string }[]
}

class Collector {
  readonly spans: ReceivedSpan[] = []
  readonly services: string[] = []
  private server: Server | undefined

  async start(): Promise<string> {
    this.server = createServer((request, response) => {
      let text = ''
      request.on('data', (chunk: Buffer) => (text += chunk.toString()))
      request.on('end', () => {
        const { resourceSpans } = JSON.parse(text) as {
          readonly resourceSpans: readonly {
            readonly resource: { readonly attributes: ReceivedSpan['attributes'] }
            readonly scopeSpans: readonly { readonly spans: readonly ReceivedSpan[] }[]
          }[]
        }
        for (const { resource, scopeSpans } of resourceSpans) {
          this.services.push(JSON.stringify(resource.attributes))
          this.spans.push(...scopeSpans.flatMap(({ spans }) => spans))
        }
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
      })
    })
    await new Promise<void>((resolve) => void this.server!.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1/traces`
  }

  stop(): Promise<unknown> {
    this.server?.closeAllConnections()
    return new Promise((resolve) => (this.server === undefined ? resolve(undefined) : this.server.close(resolve)))
  }
}

const attribute = ({ attributes }: ReceivedSpan, key: string): unknown =>
  Object.values(attributes.find((each) => each.key === key)?.value ?? {})[0]

let close: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const each of close.toReversed()) await each()
  close = []
})

describe('the traces of an engine', () => {
  it('reach a collector: trade, opportunity, orders with their fills, all with the correlation id', async () => {
    const collector = new Collector()
    const url = await collector.start()
    close.push(() => collector.stop())
    const venues = await LocalVenues.start()
    close.push(() => venues.close())
    const tracing = { enabled: true, url, serviceName: 'spec' }
    const config = venues.configuration({ mode: 'paper', tracing, database: { enabled: false } })
    const host = new EngineHost({ config, clock: systemClock, random: systemRandom, logger: silentLogger })
    await host.start()
    const completed = () => host.status().recentTrades.find(({ end }) => end === 'completed')
    await waitFor(() => completed() !== undefined, 'a trade', 12_000)
    const { correlationId, realisedProfit } = completed()!
    await host.stop()
    const spans = collector.spans.filter((span) => attribute(span, 'correlation.id') === correlationId)
    const trade = spans.find(({ name }) => name === 'trade')!
    expect(attribute(trade, 'trade.end')).toBe('completed')
    expect(attribute(trade, 'trade.realised_profit')).toBe(Number(realisedProfit))
    const parts = spans.filter(({ parentSpanId }) => parentSpanId === trade.spanId)
    expect(parts.map(({ name }) => name).toSorted()).toEqual(['leg gateio', 'leg mexc', 'opportunity'])
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1)
    for (const order of parts.filter(({ name }) => name.startsWith('leg')))
      expect(order.events!.map(({ name }) => name)).toEqual(expect.arrayContaining(['sent', 'fill']))
    expect(collector.services[0]).toContain('"spec"')
  }, 40_000)

  it('are off unless they are asked for', async () => {
    const config = { enabled: false, url: 'http://127.0.0.1:1/', serviceName: 's' }
    expect(await openTracing(config, silentLogger)).toBeUndefined()
  })

  it('hold nothing up where nobody takes them, and say so', async () => {
    const said: string[] = []
    const log: Logger = {
      ...silentLogger,
      warn: (_fields: LogFields, message: string) => void said.push(message),
      child: () => log,
    }
    const tracing = (await openTracing({ enabled: true, url: 'http://127.0.0.1:1/v1/traces', serviceName: 's' }, log))!
    tracing.sink.start('trade', 1, {}).end(2)
    await tracing.close()
    expect(said).toEqual(['the collector takes no traces', 'the last traces were not taken'])
  })
})

interface NotedSpan {
  readonly name: string
  readonly parent: NotedSpan | undefined
  readonly lines: string[]
}

/** Notes what happens to spans. */
class NotingSink implements TraceSink {
  readonly spans: NotedSpan[] = []

  start(name: string, atMs: number, _attributes: SpanAttributes, parent?: TraceSpan): TraceSpan {
    const lines = [`start ${atMs}`]
    this.spans.push({ name, parent: parent as unknown as NotedSpan | undefined, lines })
    return {
      add: () => undefined,
      event: (event, _more, eventAtMs) => void lines.push(`${event} ${eventAtMs}`),
      fail: (message) => void lines.push(`fail ${message}`),
      end: (endAtMs) => void lines.push(`end ${endAtMs}`),
    }
  }

  linesOf(name: string): readonly string[] | undefined {
    return this.spans.find((span) => span.name === name)?.lines
  }
}

const correlationId = 'c-1'
const leg = { instrumentId: 'mexc:spot:BTC/USDT', side: 'buy', priceTicks: 1, quantityLots: 1 } as const
const start: ExecutionRecord = {
  kind: 'trade_start',
  atMs: 100,
  legIds: ['o-1'],
  plan: {
    correlationId,
    strategy: 'spot-spot',
    symbol: 'BTC/USDT',
    legs: [{ ...leg, expectedNotional: '1', expectedFee: '0', expectedFeeAsset: 'USDT' }],
    sending: 'concurrent',
    expectedProfit: '1',
    surplusPrices: [{ asset: 'BTC', price: '1' }],
    profitAsset: 'USDT',
    netEdgeBps: 5,
    quoteAgeUs: 2_000,
    decidedAtUs: 0,
  },
}
const intent: ExecutionRecord = { kind: 'intent', atMs: 101, correlationId, clientOrderId: 'o-1', role: 'leg', ...leg }
const none = { latency: '0', slippage: '0', fees: '0', rounding: '0', partialFill: '0', unwind: '0' }
const end: ExecutionRecord = {
  kind: 'trade_end',
  atMs: 120,
  correlationId,
  end: 'halted',
  expectedProfit: '1',
  realisedProfit: '0',
  profitAsset: 'USDT',
  refused: true,
  handedOver: false,
  attribution: none,
  residuals: [],
  durationUs: 20_000,
}

type Evidence = Extract<ExecutionRecord, { kind: 'leg' }>['evidence']
const evidence = (atMs: number, given: Evidence): ExecutionRecord => ({
  kind: 'leg',
  atMs,
  clientOrderId: 'o-1',
  evidence: given,
})

describe('TradeTracer', () => {
  it('ends an order with its last event, and marks what went wrong', () => {
    const sink = new NotingSink()
    const tracer = new TradeTracer(sink)
    for (const record of [
      start,
      intent,
      evidence(102, { kind: 'sent', attempt: 1, atMs: 102 }),
      evidence(105, { kind: 'unanswered', code: 'ORDER_OUTCOME_UNKNOWN' }),
      evidence(108, { kind: 'cancel_requested' }),
      evidence(110, { kind: 'refused', code: 'ORDER_REJECTED', message: 'no' }),
      end,
    ])
      tracer.take(record)
    expect(sink.linesOf('leg mexc')).toEqual([
      'start 101',
      'sent 102',
      'unanswered 105',
      'cancel_requested 108',
      'refused 110',
      'fail ORDER_REJECTED',
      'end 110',
    ])
    expect(sink.linesOf('opportunity')).toEqual(['start 98', 'end 100'])
    expect(sink.linesOf('trade')!.slice(1)).toEqual(['fail The trade left an exposure beyond the bound.', 'end 120'])
  })

  it('leaves out what belongs to no trade that it has seen begin', () => {
    const sink = new NotingSink()
    const tracer = new TradeTracer(sink)
    for (const record of [intent, evidence(1, { kind: 'absent' }), end]) tracer.take(record)
    tracer.take({ kind: 'session_start', atMs: 1, fencingToken: 1 })
    expect(sink.spans).toEqual([])
  })
})

describe('TracedJournal', () => {
  it('hands records on at once, and tells of them later', async () => {
    const inner = new MemoryJournal()
    const clock = new ManualClock()
    const told: ExecutionRecord[] = []
    const journal = new TracedJournal(inner, clock, (record) => told.push(record))
    await journal.append(start)
    journal.enqueue(intent)
    await journal.flush()
    expect([inner.records.length, told.length]).toEqual([2, 0])
    await clock.advance(100)
    expect(told).toEqual([start, intent])
    journal.enqueue(end)
    journal.drain()
    expect(told).toHaveLength(3)
    expect(clock.pendingTimers).toBe(0)
    const replayed: ExecutionRecord[] = []
    for await (const record of journal.replay()) replayed.push(record)
    expect(replayed).toHaveLength(3)
    journal.checkpoint([start])
    expect(inner.records.length).toBe(3)
    await journal.close()
  })
})
