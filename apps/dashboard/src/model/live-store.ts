import type { EquityPoint, LiveMessage, LiveModel, TradeStatus } from '@cex-arbitrage/arbitrage-runner/live-model'

/** How the page stands with the engine. */
export type Connection = 'connecting' | 'live' | 'lost'

export interface LiveState {
  readonly connection: Connection
  /** `undefined` until the engine has said hello. */
  readonly model: LiveModel | undefined
  readonly equity: readonly EquityPoint[]
  /** The newest first. */
  readonly trades: readonly TradeStatus[]
  /** What the clock of the engine is ahead of ours, milliseconds. */
  readonly clockAheadMs: number
}

/** Calls back once, before the next frame is drawn. */
export type FrameScheduler = (callback: () => void) => void

const keptTrades = 200
const keptPoints = 3_600
const empty: LiveState = { connection: 'connecting', model: undefined, equity: [], trades: [], clockAheadMs: 0 }

/**
 * What the page knows of the engine. However many messages arrive, listeners are told once per frame with all of them
 * taken together; a section that did not change stays the same object.
 */
export class LiveStore {
  private shown = empty
  private next = empty
  private scheduled = false
  private readonly listeners = new Set<() => void>()

  constructor(
    private readonly schedule: FrameScheduler,
    private readonly nowMs: () => number,
  ) {}

  get state(): LiveState {
    return this.shown
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  setConnection(connection: Connection): void {
    if (connection !== this.next.connection) this.change({ connection })
  }

  receive(message: LiveMessage): void {
    const clockAheadMs = message.atMs - this.nowMs()
    if (message.type === 'hello') {
      // Another start of the engine has other trades.
      const sameRun = this.next.model?.startedAtMs === message.model.startedAtMs
      const before = sameRun ? this.next.trades : []
      const trades = mergeTrades(before, message.model.recentTrades)
      return this.change({ model: message.model, equity: message.equity, trades, clockAheadMs, connection: 'live' })
    }
    const { model, equity, trades } = this.next
    if (model === undefined) return
    const { recentTrades, equity: point } = message.model
    this.change({
      model: { ...model, ...message.model },
      clockAheadMs,
      ...(recentTrades !== undefined && { trades: mergeTrades(trades, recentTrades) }),
      ...(point !== undefined && { equity: appendPoint(equity, point) }),
    })
  }

  private change(change: Partial<LiveState>): void {
    this.next = { ...this.next, ...change }
    if (this.scheduled) return
    this.scheduled = true
    this.schedule(() => {
      this.scheduled = false
      this.shown = this.next
      for (const listener of this.listeners) listener()
    })
  }
}

/** The newest first; a trade that is told again replaces what was known of it. */
function mergeTrades(known: readonly TradeStatus[], recent: readonly TradeStatus[]): readonly TradeStatus[] {
  const ids = new Set(recent.map(({ correlationId }) => correlationId))
  return [...recent, ...known.filter(({ correlationId }) => !ids.has(correlationId))]
    .toSorted((a, b) => b.atMs - a.atMs)
    .slice(0, keptTrades)
}

function appendPoint(points: readonly EquityPoint[], point: EquityPoint): readonly EquityPoint[] {
  const last = points.at(-1)
  return last !== undefined && last.atMs >= point.atMs ? points : [...points, point].slice(-keptPoints)
}
