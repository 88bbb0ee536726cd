import type { Clock, Logger, Random, Timer } from '@cex-arbitrage/common'
import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import type { z } from 'zod'
import { HummingbotException, HummingbotValidationException } from '../client/hummingbot-exception.js'
import { describeIssue } from '../client/push-decoder.js'
import { Redactor } from '../client/redactor.js'
import { parseTolerantJson } from '../direct/tolerant-json.js'
import { botMessageSchemas, replySchema, type HummingbotBotTopic } from './bot-messages.js'
import { BotPublications, type HummingbotBotListener, type HummingbotBotName } from './bot-publications.js'
import { HummingbotBot } from './hummingbot-bot.js'

export interface HummingbotMqttOptions {
  /** `mqtt://localhost:1883` or `mqtts://…`, without credentials. */
  readonly url: string
  readonly username?: string
  readonly password?: string
  /** Namespaces to listen in; `['hbot']` by default. */
  readonly namespaces?: readonly string[]
  readonly listener?: HummingbotBotListener
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Milliseconds to wait for a reply; 35,000 by default, since a bot may take 30 s. */
  readonly commandTimeoutMs?: number
  /** Milliseconds to wait for the broker; 10,000 by default. */
  readonly connectTimeoutMs?: number
  /** Certificate authorities in PEM. */
  readonly ca?: string
}

interface PendingReply {
  readonly command: string
  readonly timer: Timer
  resolve(data: unknown): void
  reject(error: HummingbotException): void
}

const defaultNamespace = 'hbot'
const defaultCommandTimeoutMs = 35_000
const defaultConnectTimeoutMs = 10_000
const reconnectMs = 5_000
const namespacePattern = /^[^+#/\s]+$/

/**
 * The MQTT bridge of running bots: commands with replies, and what bots publish (B4). A command is sent only while the
 * broker is connected, and never again by itself.
 *
 * @example
 * const mqtt = new HummingbotMqttClient({ url: 'mqtt://localhost:1883', clock, random, logger, listener })
 * await mqtt.connect()
 * const trades = await mqtt.bot('bot1').history({ days: 1 })
 * await mqtt.close()
 */
export class HummingbotMqttClient {
  private readonly log: Logger
  private readonly redactor: Redactor
  private readonly publications: BotPublications
  private readonly namespaces: readonly string[]
  private readonly pending = new Map<string, PendingReply>()
  private readonly replyPrefix: string
  private replies = 0
  private client: MqttClient | undefined
  private opening: Promise<void> | undefined

  /** @throws {@link HummingbotValidationException} */
  constructor(private readonly options: HummingbotMqttOptions) {
    if (!/^mqtts?:\/\/[^@\s]+$/.test(options.url))
      throw new HummingbotValidationException('Broker address must be mqtt://host:port or mqtts://host:port')
    this.namespaces = options.namespaces ?? [defaultNamespace]
    for (const namespace of this.namespaces)
      if (!namespacePattern.test(namespace)) throw new HummingbotValidationException(`Invalid namespace: ${namespace}`)
    this.log = options.logger.child({ component: 'hummingbot-mqtt' })
    this.redactor = new Redactor(options.password === undefined ? [] : [options.password])
    this.publications = new BotPublications(options.clock, options.listener ?? {}, this.log, this.redactor)
    const session = Math.floor(options.random.next() * 36 ** 8).toString(36)
    this.replyPrefix = `cex-arbitrage/response/${options.clock.nowMs().toString(36)}-${session}`
  }

  get connected(): boolean {
    return this.client?.connected ?? false
  }

  /** Bots with a heartbeat within the last 30 s. */
  get aliveBots(): readonly HummingbotBotName[] {
    return this.publications.aliveBots
  }

  /** Messages that could not be read. */
  get corrupt(): number {
    return this.publications.corrupt
  }

  /**
   * Connects and subscribes; reconnects by itself from then on.
   *
   * @throws {@link HummingbotException} No broker, or credentials refused.
   */
  connect(): Promise<void> {
    this.opening ??= this.open().catch((error: unknown) => {
      this.opening = undefined
      throw error
    })
    return this.opening
  }

  /** @param instanceId - May hold dots, not slashes. */
  bot(instanceId: string, namespace: string = this.namespaces[0] ?? defaultNamespace): HummingbotBot {
    if (!namespacePattern.test(instanceId)) throw new HummingbotValidationException(`Invalid bot: ${instanceId}`)
    return new HummingbotBot(`${namespace}/${instanceId}`, {
      command: (topic, data, schema) => this.command(topic, data, schema),
      publish: (topic, payload) => this.publish(topic, payload),
      nowMs: () => this.options.clock.nowMs(),
    })
  }

  async close(): Promise<void> {
    this.publications.close()
    for (const [topic, reply] of this.pending) {
      reply.timer.cancel()
      this.pending.delete(topic)
      reply.reject(this.createFailure(reply.command, 'the client was closed; it may have been done'))
    }
    const { client } = this
    this.client = undefined
    this.opening = undefined
    await client?.endAsync(true)
  }

  private async open(): Promise<void> {
    const { url, username, password, ca, connectTimeoutMs = defaultConnectTimeoutMs } = this.options
    const options: IClientOptions = {
      protocolVersion: 4,
      clean: true,
      clientId: this.replyPrefix.replaceAll('/', '-'),
      connectTimeout: connectTimeoutMs,
      reconnectPeriod: reconnectMs,
      // A command that waited for the broker would be obeyed long after its caller gave it up.
      queueQoSZero: false,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(ca !== undefined && { ca }),
    }
    const client = connect(url, options)
    this.client = client
    client.on('message', (topic, payload) => this.onMessage(topic, payload))
    client.on('close', () => this.log.debug({}, 'broker connection closed'))
    try {
      await awaitConnect(client)
      const topics = this.namespaces.flatMap((namespace) =>
        Object.keys(botMessageSchemas).map((suffix) => `${namespace}/+/${suffix}`),
      )
      await client.subscribeAsync(topics, { qos: 0 })
      await client.subscribeAsync(`${this.replyPrefix}/+`, { qos: 1 })
    } catch (error) {
      this.client = undefined
      await client.endAsync(true)
      throw this.createFailure('connect', `no broker: ${(error as Error).message}`, error)
    }
    client.on('error', (error) => this.log.warn({ reason: this.redactor.redactText(error.message) }, 'broker failed'))
  }

  private command<T>(topic: string, data: object, schema: z.ZodType<T>): Promise<T> {
    const { clock, commandTimeoutMs = defaultCommandTimeoutMs } = this.options
    const { client } = this
    if (client?.connected !== true)
      return Promise.reject(this.createFailure(topic, 'Not connected to the broker', undefined, true))
    // The reply holds no id of its own, so that each call has its own topic.
    const replyTopic = `${this.replyPrefix}/${++this.replies}`
    return new Promise<unknown>((resolve, reject) => {
      let messageId: number | undefined
      const timer = clock.setTimer(() => {
        this.pending.delete(replyTopic)
        if (messageId !== undefined) client.removeOutgoingMessage(messageId)
        reject(
          this.createFailure(
            topic,
            `Request timed out after ${commandTimeoutMs / 1_000} seconds; it may have been done`,
          ),
        )
      }, commandTimeoutMs)
      this.pending.set(replyTopic, { command: topic, timer, resolve, reject })
      const header = { reply_to: replyTopic, timestamp: clock.nowMs() }
      client.publish(topic, JSON.stringify({ header, data }), { qos: 1 })
      messageId = client.getLastMessageId()
    }).then((reply) => this.readReply(topic, reply, schema))
  }

  private readReply<T>(topic: string, reply: unknown, schema: z.ZodType<T>): T {
    const answer = replySchema.safeParse(reply)
    if (!answer.success) throw this.createUnreadable(topic, describeIssue(answer.error))
    const { status, msg } = answer.data.data
    if (status !== 200) throw this.createRefusal(topic, msg)
    const result = schema.safeParse(answer.data.data)
    if (result.success) return result.data
    throw this.createUnreadable(topic, describeIssue(result.error))
  }

  private async publish(topic: string, payload: object): Promise<void> {
    if (this.client?.connected !== true) throw this.createFailure(topic, 'Not connected to the broker', undefined, true)
    await this.client.publishAsync(topic, JSON.stringify(payload), { qos: 0 })
  }

  private onMessage(topic: string, payload: Buffer): void {
    let value: unknown
    try {
      value = parseTolerantJson(payload.toString())
    } catch {
      this.publications.onCorrupt(topic, 'it is not JSON')
      return
    }
    const reply = this.pending.get(topic)
    if (reply !== undefined) {
      reply.timer.cancel()
      this.pending.delete(topic)
      reply.resolve(value)
      return
    }
    // A reply that comes after its time limit is of no use any more.
    if (topic.startsWith(this.replyPrefix)) return
    const at = topic.lastIndexOf('/')
    this.publications.take(topic.slice(0, at), topic.slice(at + 1) as HummingbotBotTopic, value)
  }

  private createFailure(command: string, reason: string, cause?: unknown, isUnsent = false): HummingbotException {
    return new HummingbotException({
      message: this.redactor.redactText(`${command}: ${reason}`),
      category: 'connection_error',
      requestType: command,
      attempts: isUnsent ? 0 : 1,
      isUnsent,
      cause,
    })
  }

  private createRefusal(command: string, msg: string | null): HummingbotException {
    const message = this.redactor.redactText(msg ?? 'Unknown error')
    return new HummingbotException({ message, category: 'invalid_order', requestType: command, attempts: 1 })
  }

  private createUnreadable(command: string, reason: string): HummingbotException {
    return new HummingbotException({
      message: this.redactor.redactText(`${command}: unreadable reply, ${reason}`),
      category: 'server_error',
      requestType: command,
      attempts: 1,
    })
  }
}

function awaitConnect(client: MqttClient): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once('connect', () => resolve())
    client.once('error', reject)
    client.once('close', () => reject(new Error('the connection was closed')))
  })
}
