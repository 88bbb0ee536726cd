import { Decimal } from '@cex-arbitrage/common'
import { z } from 'zod'
import { toDecimalText } from '../client/decimal-text.js'
import { HummingbotValidationException } from '../client/hummingbot-exception.js'
import { configSchema, historySchema, type HummingbotHistoryTrade } from './bot-messages.js'

/** How a bot's commands are sent. */
export interface BotCommander {
  command<T>(topic: string, data: object, schema: z.ZodType<T>): Promise<T>
  publish(topic: string, payload: object): Promise<void>
  /** Unix milliseconds. */
  nowMs(): number
}

const plainReply = z.looseObject({ msg: z.string().nullish() })

/**
 * One bot's commands (B4.2). Every method throws a {@link HummingbotException}: `invalid_order` with the bot's text when
 * it answers 400, `connection_error` when no answer comes, after which the command may have been done. In some versions
 * `start`, `status` and `config` answer 400 whatever is asked: rely on heartbeats, events, `stop` and `history`.
 */
export class HummingbotBot {
  private sequence = 0

  /** @param name - Namespace and instance: `hbot/bot1`. */
  constructor(
    readonly name: string,
    private readonly commander: BotCommander,
  ) {}

  /** Starts the strategy. With `async_backend` the answer only says that the command was queued. */
  async start(
    options: {
      readonly script?: string
      readonly conf?: string
      readonly log_level?: string
      readonly async_backend?: boolean
    } = {},
  ): Promise<void> {
    const { script = null, conf = null, log_level = null, async_backend = true } = options
    await this.send('start', { log_level, script, conf, is_quickstart: false, async_backend }, plainReply)
  }

  /** Stops the strategy; its orders are cancelled unless told otherwise. */
  async stop(
    options: { readonly skip_order_cancellation?: boolean; readonly async_backend?: boolean } = {},
  ): Promise<void> {
    const { skip_order_cancellation = false, async_backend = true } = options
    await this.send('stop', { skip_order_cancellation, async_backend }, plainReply)
  }

  /** The bot's own words on its state. */
  async status(): Promise<string> {
    return (await this.send('status', { async_backend: false }, plainReply)).msg ?? ''
  }

  /** @param options - `days` 0 is since the bot's start. */
  async history(
    options: { readonly days?: number; readonly verbose?: boolean; readonly precision?: number } = {},
  ): Promise<HummingbotHistoryTrade[]> {
    const { days = 0, verbose = false, precision = null } = options
    return (await this.send('history', { days, verbose, precision, async_backend: false }, historySchema)).trades
  }

  /** Sets parameters, or with none reads the configuration. Known keys are applied though others are refused. */
  config(params: readonly (readonly [string, unknown])[] = []) {
    return this.send('config', { params }, configSchema)
  }

  /** Loads `{strategy}.yml`. */
  async importStrategy(strategy: string): Promise<void> {
    await this.send('import', { strategy }, plainReply)
  }

  /** @param amount - Negative removes the limit. */
  async setBalanceLimit(exchange: string, asset: string, amount: string | number): Promise<void> {
    await this.send('balance/limit', { exchange, asset, amount: readAmount(amount) }, plainReply)
  }

  async setPaperBalance(asset: string, amount: string | number): Promise<void> {
    await this.send('balance/paper', { asset, amount: readAmount(amount) }, plainReply)
  }

  /** Sends an external event; the strategy sees `a/b` as `a.b`. Nothing answers it. */
  async sendExternalEvent(path: string, type: string, data: Readonly<Record<string, unknown>>): Promise<void> {
    await this.commander.publish(`${this.name}/external/event/${path}`, {
      timestamp: this.commander.nowMs(),
      sequence: ++this.sequence,
      type,
      data,
    })
  }

  private send<T>(command: string, data: object, schema: z.ZodType<T>): Promise<T> {
    return this.commander.command(`${this.name}/${command}`, data, schema)
  }
}

/** The bot wants a JSON number. @throws {@link HummingbotValidationException} when a double cannot carry it exactly. */
function readAmount(amount: string | number): number {
  const text = toDecimalText(amount)
  const value = Number(text)
  if (text === undefined || !Decimal.fromNumber(value).equals(Decimal.parse(text)))
    throw new HummingbotValidationException(`Invalid amount: ${amount}`)
  return value
}
