import { silentLogger, type Clock, type Logger, type Timer } from '@cex-arbitrage/common'
import { MAX_DISCONNECT_MS } from './protocol-constants.js'

/** Numbered as in the original, 1 to 7. */
export const HummingbotEventType = {
  MARKET_DATA: 1,
  ORDER_UPDATE: 2,
  TRADE_UPDATE: 3,
  STRATEGY_UPDATE: 4,
  ERROR: 5,
  INFO: 6,
  SYSTEM: 7,
} as const

export type HummingbotEventType = keyof typeof HummingbotEventType

/** Something that happened. Frozen; `data` is a shallow copy taken when it was made. */
export interface HummingbotEvent {
  readonly type: HummingbotEventType
  readonly data: Readonly<Record<string, unknown>>
  /** `hummingbot` for what the server said, `hummingbot_client` for the client itself. */
  readonly source: string | undefined
  /** UTC milliseconds. */
  readonly timestamp: number
}

/** Where a client puts its events. */
export interface HummingbotEventSink {
  put(event: HummingbotEvent): void
}

/** @param nowMs - UTC milliseconds. */
export function createHummingbotEvent(
  type: HummingbotEventType,
  data: Readonly<Record<string, unknown>>,
  source: string | undefined,
  nowMs: number,
): HummingbotEvent {
  return Object.freeze({ type, data: Object.freeze({ ...data }), source, timestamp: nowMs })
}

/** Equal by type and data; source and time do not count (A7). */
export function isSameHummingbotEvent(a: HummingbotEvent, b: HummingbotEvent): boolean {
  return a.type === b.type && isSameValue(a.data, b.data)
}

/** Who is told of events. */
export interface HummingbotEventListener {
  readonly name: string
  readonly eventTypes: ReadonlySet<HummingbotEventType>
  /** What it throws or rejects with is reported and stops nobody else. */
  handleEvent?(event: HummingbotEvent): void | Promise<void>
}

export interface HummingbotEventEngineOptions {
  readonly clock: Clock
  readonly logger?: Logger
}

/**
 * The event bus of the protocol's world (A7): first in first out, one consumer, listeners in order of registration. What
 * is put before `start` waits for it; `stop` ends delivery and leaves the rest in the queue.
 */
export class HummingbotEventEngine implements HummingbotEventSink {
  private queue: HummingbotEvent[] = []
  private head = 0
  private readonly listeners = new Set<HummingbotEventListener>()
  private readonly log: Logger
  private running = false
  private delivery: Promise<void> | undefined

  constructor(private readonly options: HummingbotEventEngineOptions) {
    this.log = (options.logger ?? silentLogger).child({ component: 'hummingbot-event-engine' })
  }

  get isRunning(): boolean {
    return this.running
  }

  /** Events that wait. */
  get size(): number {
    return this.queue.length - this.head
  }

  /** Registers a listener; one that is there already is not told twice. */
  register(listener: HummingbotEventListener): void {
    this.listeners.add(listener)
  }

  unregister(listener: HummingbotEventListener): void {
    this.listeners.delete(listener)
  }

  /** Appends; from inside a listener too. Never delivers before it returns. */
  put(event: HummingbotEvent): void {
    this.queue.push(event)
    this.wake()
  }

  /** Begins delivery. Harmless when it runs. */
  start(): void {
    this.running = true
    this.wake()
  }

  /** Ends delivery without draining the queue; waits at most 1 s for a listener that is at work. */
  async stop(): Promise<void> {
    this.running = false
    if (this.delivery === undefined) return
    let timer: Timer | undefined
    const limit = new Promise<void>((resolve) => {
      timer = this.options.clock.setTimer(resolve, MAX_DISCONNECT_MS)
    })
    await Promise.race([this.delivery, limit])
    timer?.cancel()
  }

  private wake(): void {
    if (!this.running || this.delivery !== undefined || this.size === 0) return
    this.delivery = Promise.resolve()
      .then(() => this.deliver())
      .finally(() => {
        this.delivery = undefined
        this.wake()
      })
  }

  private async deliver(): Promise<void> {
    while (this.running && this.head < this.queue.length) {
      const event = this.queue[this.head]!
      this.head++
      if (this.head === this.queue.length) {
        this.queue = []
        this.head = 0
      } else if (this.head === 1_024) {
        this.queue.splice(0, this.head)
        this.head = 0
      }
      for (const listener of Array.from(this.listeners)) {
        if (!listener.eventTypes.has(event.type)) continue
        try {
          const handled = listener.handleEvent?.(event)
          if (handled !== undefined) await handled
        } catch (error) {
          this.log.error({ listener: listener.name, eventType: event.type, err: error }, 'event listener failed')
        }
      }
    }
  }
}

function isSameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const names = Object.keys(a)
  if (names.length !== Object.keys(b).length) return false
  const left = a as Record<string, unknown>
  const right = b as Record<string, unknown>
  return names.every((name) => Object.hasOwn(right, name) && isSameValue(left[name], right[name]))
}
