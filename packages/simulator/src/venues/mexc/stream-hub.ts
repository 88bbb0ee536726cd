import type { Timer } from '@cex-arbitrage/common'

import { createTopic } from './create-topic.js'
import { pushSchema } from './message-schemas.js'
import { encodeMessage, type MessageFields } from './protobuf-encoder.js'
import type { PublicSubscription } from './subscription.js'
import type { Topic, TopicSources } from './topic.js'

/** Who takes the frames of a channel. */
export interface Subscriber {
  pushPublic(frame: Buffer, subscription: PublicSubscription): void
}

interface LiveTopic {
  readonly subscription: PublicSubscription
  readonly topic: Topic
  readonly subscribers: Set<Subscriber>
  timer: Timer | undefined
  dueMs: number
}

/** Field and text that no schema knows, for clients that must skip what they do not understand. */
const unknownTail = Buffer.from([0xfa, 0x3f, 0x03, 0x6e, 0x65, 0x77])

/** All public channels that somebody listens to. Frames are encoded once and given to every subscriber. */
export class StreamHub {
  private readonly topics = new Map<string, LiveTopic>()

  constructor(
    private readonly sources: TopicSources,
    private readonly options: { readonly unknownFields: boolean },
  ) {
    sources.host.core.listen({
      onBookChange: (change) => this.tell(change.symbol, (topic) => topic.onBookChange?.(change)),
      onTrade: (trade) => this.tell(trade.symbol, (topic) => topic.onTrade?.(trade)),
    })
  }

  subscribe(subscription: PublicSubscription, subscriber: Subscriber): void {
    let live = this.topics.get(subscription.param)
    if (live === undefined) {
      const topic = createTopic(subscription, this.sources)
      live = { subscription, topic, subscribers: new Set(), timer: undefined, dueMs: 0 }
      this.topics.set(subscription.param, live)
      this.schedule(live)
    }
    live.subscribers.add(subscriber)
  }

  unsubscribe(param: string, subscriber: Subscriber): void {
    const live = this.topics.get(param)
    if (live === undefined) return
    live.subscribers.delete(subscriber)
    if (live.subscribers.size > 0) return
    live.timer?.cancel()
    this.topics.delete(param)
  }

  private tell(symbolName: string, what: (topic: Topic) => void): void {
    const symbol = symbolName.replace('/', '')
    for (const live of this.topics.values()) {
      if (live.subscription.symbol !== symbol) continue
      what(live.topic)
      this.schedule(live)
    }
  }

  /** Sets the timer to the next boundary when something is due, else to the next repetition. */
  private schedule(live: LiveTopic): void {
    const { topic, subscription } = live
    const paceMs = topic.isDue ? subscription.intervalMs : topic.repeatMs
    if (paceMs === undefined) return
    const { clock } = this.sources.host
    const nowMs = clock.nowMs()
    const dueMs = (Math.floor(nowMs / paceMs) + 1) * paceMs
    if (live.timer !== undefined) {
      if (live.dueMs <= dueMs) return
      live.timer.cancel()
    }
    live.dueMs = dueMs
    live.timer = clock.setTimer(() => {
      live.timer = undefined
      this.flush(live)
      this.schedule(live)
    }, dueMs - nowMs)
  }

  private flush({ topic, subscription, subscribers }: LiveTopic): void {
    const push = topic.flush()
    if (push === undefined) return
    const nowMs = this.sources.host.clock.nowMs()
    const wrapper: MessageFields = {
      channel: subscription.param,
      symbol: subscription.symbol === '' ? undefined : subscription.symbol,
      symbolId: push.symbolId,
      createTime: push.createTimed === true ? nowMs : undefined,
      sendTime: push.createTimed === true ? undefined : nowMs,
      ...push.body,
    }
    const frame = this.encode(wrapper)
    for (const subscriber of subscribers) subscriber.pushPublic(frame, subscription)
  }

  /** One frame on the wire. */
  encode(wrapper: MessageFields): Buffer {
    const frame = encodeMessage(pushSchema, wrapper)
    return this.options.unknownFields ? Buffer.concat([frame, unknownTail]) : frame
  }
}
