import type { StreamSession } from '../../server/stream-session.js'
import type { Caller } from './authentication.js'
import type { Channel } from './channel.js'
import type { StreamError } from './stream-frames.js'
import { Subscribers } from './subscribers.js'

/** A channel that reads topics out of a payload, and remembers who listens to which. */
export abstract class TopicChannel implements Channel {
  abstract readonly isPrivate: boolean
  protected readonly subscribers = new Subscribers()

  subscribe(session: StreamSession, payload: unknown, caller?: Caller): StreamError | undefined {
    const topics = this.topicsOf(payload, caller)
    if (!Array.isArray(topics)) return topics
    for (const topic of topics) this.subscribers.add(topic, session)
    return undefined
  }

  unsubscribe(session: StreamSession, payload: unknown, caller?: Caller): StreamError | undefined {
    const topics = this.topicsOf(payload, caller)
    if (!Array.isArray(topics)) return topics
    for (const topic of topics) this.subscribers.remove(topic, session)
    return undefined
  }

  closed(session: StreamSession): void {
    this.subscribers.removeSession(session)
  }

  /** @param caller - Present on private channels. */
  protected abstract topicsOf(payload: unknown, caller: Caller | undefined): string[] | StreamError
}
