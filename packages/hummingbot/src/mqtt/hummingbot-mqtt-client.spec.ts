import { readFileSync } from 'node:fs'
import { SeededRandom } from '@cex-arbitrage/common'
import { ManualClock, waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { watch } from '../testing/create-test-client.js'
import { MemoryBroker } from '../testing/memory-broker.js'
import { createRecordingLogger, type LogRecord } from '../testing/recording.js'
import { HummingbotMqttClient, type HummingbotMqttOptions } from './hummingbot-mqtt-client.js'

interface Vector {
  readonly name: string
  readonly topic: string
  readonly qos?: number
  readonly payload: { readonly data: Readonly<Record<string, unknown>> }
  readonly reply?: object
}

const vectors = JSON.parse(readFileSync(new URL('../client/fixtures/vectors.json', import.meta.url), 'utf8')) as {
  readonly mqtt: readonly Vector[]
}
const vector = (name: string): Vector => vectors.mqtt.find((each) => each.name === name)!

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function setUp(options: Partial<HummingbotMqttOptions> = {}, password?: string) {
  const broker = await MemoryBroker.start()
  broker.password = password
  closers.push(() => broker.close())
  const clock = new ManualClock()
  const records: LogRecord[] = []
  const told: unknown[][] = []
  const mqtt = new HummingbotMqttClient({
    url: broker.url,
    clock,
    random: new SeededRandom(1),
    logger: createRecordingLogger(records),
    listener: {
      onAlive: (bot) => void told.push(['alive', bot]),
      onGone: (bot) => void told.push(['gone', bot]),
      onAvailability: (bot, isOnline) => void told.push(['online', bot, isOnline]),
      onNotification: (bot, message) => void told.push(['notify', bot, message]),
      onLog: (bot, record) => void told.push(['log', bot, record.level_name]),
      onEvent: (bot, event) => void told.push(['event', bot, event]),
      onPerformance: (bot, performance) => void told.push(['performance', bot, performance]),
    },
    ...options,
  })
  closers.push(() => mqtt.close())
  /** Answers the next command as a bot would. */
  const reply = async (
    count: number,
    answer: unknown,
  ): Promise<Vector['payload'] & { header: { reply_to: string } }> => {
    const commands = () => broker.published.filter(({ topic }) => topic.startsWith('hbot/'))
    await waitFor(() => commands().length === count, `command ${count}`)
    const { payload } = commands()[count - 1]!
    const request = JSON.parse(payload) as Vector['payload'] & { header: { reply_to: string } }
    broker.publish(request.header.reply_to, typeof answer === 'string' ? answer : JSON.stringify(answer))
    return request
  }
  return { broker, clock, records, told, mqtt, reply }
}

describe('commands', () => {
  it('sends stop as the bot wants it and takes its reply', async () => {
    const { mqtt, broker, reply } = await setUp()
    await mqtt.connect()
    const { topic, payload, reply: answer, qos } = vector('stop command')
    const stopped = mqtt.bot('bot1').stop()
    const request = await reply(1, answer)
    await stopped
    expect(broker.published[0]).toMatchObject({ topic, qos })
    expect(request.data).toEqual(payload.data)
    expect(request.header.reply_to).toMatch(/^cex-arbitrage\/response\//)
  })

  it('reads a history whose numbers end in a bare point', async () => {
    const { mqtt, reply } = await setUp()
    await mqtt.connect()
    const trades = mqtt.bot('bot1').history({ days: 1 })
    const request = await reply(1, vector('history command').reply)
    expect(request.data).toMatchObject({ days: 1, async_backend: false })
    expect(await trades).toMatchObject([
      { trade_id: '123', price: '3000', quantity: '0.01', trade_timestamp: 1767225600000 },
    ])
  })

  it('sends a balance limit as a number, exactly or not at all', async () => {
    const { mqtt, reply } = await setUp()
    await mqtt.connect()
    const set = mqtt.bot('bot1').setBalanceLimit('binance', 'USDT', '1000.0')
    expect((await reply(1, vector('balance limit').reply)).data).toEqual(vector('balance limit').payload.data)
    await set
    const remove = mqtt.bot('bot1').setPaperBalance('USDT', -1)
    expect((await reply(2, vector('balance limit').reply)).data['amount']).toBe(-1)
    await remove
    await expect(mqtt.bot('bot1').setPaperBalance('USDT', '0.12345678901234567890123')).rejects.toThrow(
      'Invalid amount',
    )
  })

  it('knows the other commands and gives each call a reply topic of its own', async () => {
    const { mqtt, broker, reply } = await setUp()
    await mqtt.connect()
    const bot = mqtt.bot('bot.1')
    const ok = { header: {}, data: { status: 200, msg: 'running' } }
    const calls = [
      () => bot.start({ script: 'a.py' }),
      () => bot.status(),
      () => bot.importStrategy('pmm'),
      () => bot.config([['a', 1]]),
    ]
    const topics = new Set<string>()
    for (const [i, call] of calls.entries()) {
      const outcome = call()
      topics.add((await reply(i + 1, ok)).header.reply_to)
      if (i === 1) expect(await outcome).toBe('running')
      else await outcome
    }
    expect(topics.size).toBe(4)
    expect(broker.published[0]!.topic).toBe('hbot/bot.1/start')
    await bot.sendExternalEvent('a/b', 'signal', { x: 1 })
    await waitFor(() => broker.published.some(({ topic }) => topic === 'hbot/bot.1/external/event/a/b'), 'the event')
    expect(JSON.parse(broker.published.at(-1)!.payload)).toMatchObject({ sequence: 1, type: 'signal', data: { x: 1 } })
  })

  it.each([
    ['a refusal', { data: { status: 400, msg: 'No strategy is currently running!' } }, 'invalid_order', 'No strategy'],
    ['no status', { data: { msg: 'x' } }, 'server_error', 'unreadable reply'],
    ['another shape', { data: { status: 200, trades: 'x' } }, 'server_error', 'trades: '],
  ])('fails on %s', async (_, answer, category, text) => {
    const { mqtt, reply } = await setUp()
    await mqtt.connect()
    const outcome = watch(mqtt.bot('bot1').history())
    await reply(1, answer)
    await waitFor(() => outcome.isSettled, 'the outcome')
    expect(outcome.error).toMatchObject({ category })
    expect((outcome.error as Error).message).toContain(text)
  })

  it('gives up after 35 s, and does not send the command again after a reconnect', async () => {
    const { mqtt, broker, clock } = await setUp()
    await mqtt.connect()
    broker.isDeaf = true
    const outcome = watch(mqtt.bot('bot1').stop())
    await waitFor(() => broker.published.length === 1, 'the command')
    await clock.advance(35_000)
    expect(outcome.error).toMatchObject({ category: 'connection_error' })
    expect((outcome.error as Error).message).toContain('timed out after 35 seconds')
    expect(broker.published).toHaveLength(1)
  })

  it('sends nothing while there is no broker', async () => {
    const { mqtt, broker } = await setUp()
    await expect(mqtt.bot('bot1').stop()).rejects.toMatchObject({ isUnsent: true })
    await mqtt.connect()
    broker.cut()
    await waitFor(() => !mqtt.connected, 'the loss')
    await expect(mqtt.bot('bot1').stop()).rejects.toMatchObject({ isUnsent: true })
    await expect(mqtt.bot('bot1').sendExternalEvent('a', 't', {})).rejects.toMatchObject({ isUnsent: true })
  })

  it('ends what waits when it is closed, and leaves no timer', async () => {
    const { mqtt, broker, clock } = await setUp()
    await mqtt.connect()
    const outcome = watch(mqtt.bot('bot1').stop())
    await waitFor(() => broker.published.length > 0, 'the command')
    await mqtt.close()
    await clock.advance(0)
    expect((outcome.error as Error).message).toContain('closed')
    expect(clock.pendingTimers).toBe(0)
  })
})

describe('what bots publish', () => {
  it('is told with its kind, numbers and enumerations read', async () => {
    const { mqtt, broker, told } = await setUp()
    await mqtt.connect()
    for (const name of ['heartbeat', 'availability', 'notification', 'log', 'fill event']) {
      const { topic, payload } = vector(name)
      broker.publish(topic, JSON.stringify(payload))
    }
    broker.publish('hbot/bot1/performance', '{"main":{"performance":{"global_pnl_quote":1.5},"custom_info":{}}}')
    broker.publish(
      'hbot/bot1/events',
      '{"timestamp":"1","type":"BuyOrderCreated","data":{"order_id":"x","price":NaN,"amount":-1,"leverage":1}}',
    )
    await waitFor(() => told.length === 7, 'all')
    expect(told).toMatchObject([
      ['alive', 'hbot/bot1'],
      ['online', 'hbot/bot1', true],
      ['notify', 'hbot/bot1', 'hello'],
      ['log', 'hbot/bot1', 'INFO'],
      [
        'event',
        'hbot/bot1',
        { type: 'OrderFilled', orderId: 'x-ABC', tradeType: 'BUY', orderType: 'LIMIT', price: '3000', amount: '0.01' },
      ],
      ['performance', 'hbot/bot1', { main: {} }],
      ['event', 'hbot/bot1', { type: 'BuyOrderCreated', price: null, timestamp: 1 }],
    ])
  })

  it('takes a bot as gone after 30 s without a heartbeat, and as back with the next', async () => {
    const { mqtt, broker, told, clock } = await setUp({ namespaces: ['hbot', 'other'] })
    await mqtt.connect()
    broker.publish('other/b/hb', '{"ts":1}')
    await waitFor(() => told.length === 1, 'the first beat')
    await clock.advance(29_000)
    broker.publish('other/b/hb', '{"ts":2}')
    // A bot's messages come in order: when this one is here, the beat before it is too.
    broker.publish('other/b/notify', '{"msg":"after the beat"}')
    await waitFor(() => told.length === 2, 'the second beat')
    await clock.advance(29_999)
    expect(mqtt.aliveBots).toEqual(['other/b'])
    await clock.advance(1)
    expect(told.at(-1)).toEqual(['gone', 'other/b'])
    broker.publish('other/b/hb', '{"ts":3}')
    await waitFor(() => told.length === 4, 'the return')
    expect(told.at(-1)).toEqual(['alive', 'other/b'])
  })

  it('counts what cannot be read and survives a listener that throws', async () => {
    const { mqtt, broker, records } = await setUp({
      listener: {
        onNotification: () => {
          throw new Error('listener')
        },
      },
    })
    await mqtt.connect()
    broker.publish('hbot/bot1/hb', 'nonsense')
    broker.publish('hbot/bot1/hb', '{"ts":"x"}')
    broker.publish('hbot/bot1/notify', '{"seq":0,"timestamp":"-1","msg":"hello"}')
    await waitFor(() => records.some(({ message }) => message === 'bot listener failed'), 'the listener')
    expect(mqtt.corrupt).toBe(2)
  })
})

describe('the connection', () => {
  it('fails with a reason, without the password, and may be tried again', async () => {
    const { mqtt, broker } = await setUp({ username: 'u', password: 'wrong-secret' }, 'right-secret')
    const failure: unknown = await mqtt.connect().catch((error: unknown) => error)
    expect(failure).toMatchObject({ category: 'connection_error' })
    expect(JSON.stringify(failure)).not.toContain('wrong-secret')
    broker.password = 'wrong-secret'
    await mqtt.connect()
    expect(mqtt.connected).toBe(true)
  })

  it('refuses addresses and names that are none', async () => {
    const build = (options: Partial<HummingbotMqttOptions>) => setUp(options)
    await expect(build({ url: 'http://localhost' })).rejects.toThrow('Broker address')
    await expect(build({ url: 'mqtt://u:p@localhost' })).rejects.toThrow('Broker address')
    await expect(build({ namespaces: ['a/b'] })).rejects.toThrow('Invalid namespace')
    const { mqtt } = await setUp()
    expect(() => mqtt.bot('a/b')).toThrow('Invalid bot')
  })
})
