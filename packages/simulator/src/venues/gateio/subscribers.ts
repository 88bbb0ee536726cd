import type { FrameInfo, StreamSession } from '../../server/stream-session.js'

/** Sessions by topic. A topic is told when its first subscriber comes and when its last one goes. */
export class Subscribers {
  private readonly topics = new Map<string, Set<StreamSession>>()

  has(topic: string, session?: StreamSession): boolean {
    const sessions = this.topics.get(topic)
    return session === undefined ? (sessions?.size ?? 0) > 0 : sessions?.has(session) === true
  }

  add(topic: string, session: StreamSession): void {
    let sessions = this.topics.get(topic)
    if (sessions === undefined) {
      sessions = new Set()
      this.topics.set(topic, sessions)
    }
    sessions.add(session)
  }

  remove(topic: string, session: StreamSession): void {
    const sessions = this.topics.get(topic)
    sessions?.delete(session)
    if (sessions?.size === 0) this.topics.delete(topic)
  }

  removeSession(session: StreamSession): void {
    for (const topic of this.topics.keys()) this.remove(topic, session)
  }

  /** Sends one frame to everybody on a topic. */
  push(topic: string, frame: string, info: FrameInfo): void {
    for (const session of this.topics.get(topic) ?? []) session.push(frame, info)
  }

  sessions(topic: string): readonly StreamSession[] {
    return [...(this.topics.get(topic) ?? [])]
  }

  get topicNames(): readonly string[] {
    return [...this.topics.keys()]
  }
}
