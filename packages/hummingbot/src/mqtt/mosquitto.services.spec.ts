import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { once } from 'node:events'
import { SeededRandom, silentLogger, systemClock } from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import { connectAsync, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HummingbotMqttClient } from './hummingbot-mqtt-client.js'

const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
const program = folders.map((folder) => join(folder, 'mosquitto')).find((path) => existsSync(path))
const isRequired = process.env['CI'] !== undefined

async function findFreePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

describe.runIf(program === undefined && isRequired)('Mosquitto', () => {
  it('is installed where CI runs', () => {
    expect(program, 'mosquitto is not installed: apt-get install mosquitto').toBeDefined()
  })
})

describe.skipIf(program === undefined)(`a real Mosquitto${program === undefined ? ' (not installed)' : ''}`, () => {
  let broker: ChildProcess
  let bot: MqttClient
  let url: string

  beforeAll(async () => {
    url = `mqtt://127.0.0.1:${await findFreePort()}`
    broker = spawn(program!, ['-p', new URL(url).port], { stdio: 'ignore' })
    await waitFor(
      () =>
        connectAsync(url, { reconnectPeriod: 0, connectTimeout: 1_000 }).then(
          (client) => {
            bot = client
            return true
          },
          () => false,
        ),
      'the broker',
      10_000,
    )
  })

  afterAll(async () => {
    await bot?.endAsync(true)
    if (broker.exitCode !== null || broker.signalCode !== null) return
    broker.kill()
    await once(broker, 'exit')
  })

  it('carries commands to a bot, its replies, and what it publishes', async () => {
    const told: unknown[][] = []
    const mqtt = new HummingbotMqttClient({
      url,
      clock: systemClock,
      random: new SeededRandom(1),
      logger: silentLogger,
      commandTimeoutMs: 5_000,
      listener: {
        onAlive: (name) => void told.push(['alive', name]),
        onEvent: (name, event) => void told.push(['event', name, event.type, event.price]),
      },
    })
    // A bot in a few lines, as the real one answers.
    const seen: string[] = []
    bot.on('message', (topic, payload) => {
      seen.push(topic)
      const { header } = JSON.parse(payload.toString()) as { header: { reply_to: string } }
      const data = topic.endsWith('/status')
        ? { status: 400, msg: 'No strategy is currently running!' }
        : { status: 200, msg: '', trades: [] }
      bot.publish(header.reply_to, JSON.stringify({ header: { reply_to: '' }, data }), { qos: 1 })
    })
    await bot.subscribeAsync(['hbot/bot1/stop', 'hbot/bot1/history', 'hbot/bot1/status'], { qos: 1 })
    await mqtt.connect()
    await mqtt.bot('bot1').stop()
    expect(await mqtt.bot('bot1').history()).toEqual([])
    await expect(mqtt.bot('bot1').status()).rejects.toThrow('No strategy is currently running!')
    const many = await Promise.all(Array.from({ length: 50 }, () => mqtt.bot('bot1').history()))
    expect(many).toHaveLength(50)
    expect(seen).toHaveLength(53)
    await bot.publishAsync('hbot/bot1/hb', '{"ts":1767225600500000}')
    await bot.publishAsync(
      'hbot/bot1/events',
      '{"timestamp":1767225600,"type":"OrderFilled","data":{"order_id":"x","price":3000.0,"amount":NaN}}',
    )
    await waitFor(() => told.length === 2, 'the messages')
    expect(told).toEqual([
      ['alive', 'hbot/bot1'],
      ['event', 'hbot/bot1', 'OrderFilled', '3000'],
    ])
    await mqtt.close()
  })
})
