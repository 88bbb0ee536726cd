import { failurePrefixes, withPrefix } from './client-texts.js'
import type { EventPublisher } from './event-publisher.js'
import { HummingbotException } from './hummingbot-exception.js'
import type { RequestRunner } from './request-runner.js'
import type { HummingbotEnvelope } from './schemas.js'
import { checkSubscription, type HummingbotSubscription, type SubscriptionSet } from './subscription-set.js'

export interface SubscriptionOperationsOptions {
  readonly runner: RequestRunner
  readonly publisher: EventPublisher
  readonly subscriptions: SubscriptionSet
  /** Whether the server can end a subscription. */
  readonly canUnsubscribe: () => boolean
}

/** Subscribes, ends subscriptions, and takes up what is wanted after a reconnect (R3.9). */
export class SubscriptionOperations {
  constructor(private readonly options: SubscriptionOperationsOptions) {}

  /** @throws {@link HummingbotException} Refused; it is not remembered. */
  async subscribe(subscription: HummingbotSubscription, prefix: string): Promise<HummingbotEnvelope> {
    const checked = checkSubscription(subscription)
    const envelope = await this.ask('subscribe', checked, prefix)
    this.options.subscriptions.add(checked)
    return envelope
  }

  /** From a server that cannot, pushes are dropped on this side. */
  async unsubscribe(subscription: HummingbotSubscription): Promise<void> {
    const { subscriptions, canUnsubscribe } = this.options
    const checked = checkSubscription(subscription)
    if (!canUnsubscribe()) {
      subscriptions.mute(checked)
      return
    }
    subscriptions.remove(checked)
    await this.ask('unsubscribe', checked, failurePrefixes.unsubscribe)
  }

  /** Subscribes again, in the order of old. */
  async resume(signal: AbortSignal): Promise<void> {
    const { subscriptions } = this.options
    subscriptions.forgetMuted()
    await Promise.all(subscriptions.all.map((subscription) => this.subscribeAgain(subscription, signal)))
  }

  private async subscribeAgain(subscription: HummingbotSubscription, signal: AbortSignal): Promise<void> {
    const { runner, subscriptions, publisher } = this.options
    try {
      await runner.run('subscribe', { ...subscription }, { signal })
    } catch (error) {
      if (signal.aborted || !(error instanceof HummingbotException)) return
      // What may succeed later stays wanted, and is tried again with the next connection.
      if (!error.retriable) subscriptions.remove(subscription)
      const { channel, exchange, market } = subscription
      publisher.publishOwn('ERROR', {
        message: `Failed to subscribe again to ${channel} for ${market ?? 'all markets'} on ${exchange}`,
        channel,
        exchange,
        ...(market !== undefined && { market }),
        code: error.category,
        reason: error.serverMessage ?? error.message,
      })
    }
  }

  private async ask(type: string, subscription: HummingbotSubscription, prefix: string): Promise<HummingbotEnvelope> {
    try {
      return await this.options.runner.run(type, { ...subscription })
    } catch (error) {
      throw withPrefix(error, prefix)
    }
  }
}
