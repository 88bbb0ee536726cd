import type { Clock, Logger } from '@cex-arbitrage/common'
import { describeIssue } from '../client/push-decoder.js'
import type { Redactor } from '../client/redactor.js'
import {
  botMessageSchemas,
  readBotEvent,
  type HummingbotBotEvent,
  type HummingbotBotLog,
  type HummingbotBotPerformance,
  type HummingbotBotTopic,
} from './bot-messages.js'
import { BotWatch } from './bot-watch.js'

/** Names a bot: `hbot/bot1`. */
export type HummingbotBotName = string

/** What bots publish. Called in the order of arrival; what it throws is logged. */
export interface HummingbotBotListener {
  /** The first heartbeat, or the first after it was gone. */
  onAlive?(bot: HummingbotBotName): void
  /** No heartbeat for 30 s. */
  onGone?(bot: HummingbotBotName): void
  onAvailability?(bot: HummingbotBotName, isOnline: boolean): void
  onNotification?(bot: HummingbotBotName, message: string): void
  onLog?(bot: HummingbotBotName, record: HummingbotBotLog): void
  onEvent?(bot: HummingbotBotName, event: HummingbotBotEvent): void
  onPerformance?(bot: HummingbotBotName, performance: HummingbotBotPerformance): void
}

/** Reads what bots publish, watches their heartbeats, and tells the listener. */
export class BotPublications {
  /** Messages that could not be read. */
  corrupt = 0
  private readonly watch: BotWatch

  constructor(
    clock: Clock,
    private readonly listener: HummingbotBotListener,
    private readonly log: Logger,
    private readonly redactor: Redactor,
  ) {
    this.watch = new BotWatch(clock, (bot) => this.tell((each) => each.onGone?.(bot)))
  }

  /** Bots whose heart beats. */
  get aliveBots(): readonly HummingbotBotName[] {
    return this.watch.alive
  }

  /** Takes one message as it came. */
  take(bot: HummingbotBotName, kind: HummingbotBotTopic, value: unknown): void {
    const result = botMessageSchemas[kind].safeParse(value)
    if (!result.success) {
      this.onCorrupt(`${bot}/${kind}`, describeIssue(result.error))
      return
    }
    // Each schema belongs to its kind, which the compiler cannot see through the look-up.
    const message = result.data as never
    const actions: Readonly<Record<HummingbotBotTopic, (listener: HummingbotBotListener) => void>> = {
      hb: (listener) => {
        if (this.watch.beat(bot)) listener.onAlive?.(bot)
      },
      status_updates: (listener) =>
        listener.onAvailability?.(bot, (message as { readonly msg: string }).msg === 'online'),
      notify: (listener) => listener.onNotification?.(bot, (message as { readonly msg: string }).msg),
      log: (listener) => listener.onLog?.(bot, message),
      events: (listener) => listener.onEvent?.(bot, readBotEvent(message)),
      performance: (listener) => listener.onPerformance?.(bot, message),
    }
    this.tell(actions[kind])
  }

  private tell(action: (listener: HummingbotBotListener) => void): void {
    try {
      action(this.listener)
    } catch (error) {
      this.log.error({ err: error }, 'bot listener failed')
    }
  }

  /** Counts a message that cannot be read. */
  onCorrupt(topic: string, reason: string): void {
    this.corrupt++
    this.log.warn({ topic, reason: this.redactor.redactText(reason) }, 'bot sent a message that cannot be read')
  }

  close(): void {
    this.watch.close()
  }
}
