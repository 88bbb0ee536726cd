import { BookTickerBatchTopic, BookTickerTopic, DepthTopic, LimitDepthTopic } from './book-topics.js'
import type { PublicSubscription } from './subscription.js'
import type { Topic, TopicSources } from './topic.js'
import { DealsTopic, KlineTopic, MiniTickersTopic } from './trade-topics.js'

/** The topic of a subscription. */
export function createTopic(subscription: PublicSubscription, sources: TopicSources): Topic {
  const { data, symbols } = sources
  if (subscription.kind === 'miniTickers') return new MiniTickersTopic([...symbols.values()], subscription, sources)
  const symbol = symbols.get(subscription.symbol)!
  const engine = data.engine(symbol)
  switch (subscription.kind) {
    case 'depth':
      return new DepthTopic(engine, subscription.channel)
    case 'deals':
      return new DealsTopic(symbol, subscription.channel)
    case 'bookTicker':
      return new BookTickerTopic(engine, sources.host)
    case 'bookTickerBatch':
      return new BookTickerBatchTopic(engine)
    case 'limitDepth':
      return new LimitDepthTopic(engine, subscription, sources.host)
    case 'kline':
      return new KlineTopic(symbol, subscription.detail!, data)
    case 'miniTicker':
      return new MiniTickersTopic([symbol], subscription, sources)
  }
}
