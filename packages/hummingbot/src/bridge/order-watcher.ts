import type { Clock, Logger, Timer } from '@cex-arbitrage/common'
import { CLOCK_TOLERANCE_MS, MISSING_AFTER_MS, PAGE_SIZE } from './bridge-constants.js'
import type { BridgeEvents } from './bridge-events.js'
import type { UpstreamPlace } from './bridge-options.js'
import { ForeignOrders } from './foreign-orders.js'
import { canBe, isTwin, type StepCache } from './order-matching.js'
import { owesFills, type OrderLedger } from './order-ledger.js'
import { applyItem, applyTrade } from './order-progress.js'
import { isEnded, type OrderRecord } from './order-record.js'
import { viewItem } from './order-view.js'
import type { UpstreamApi } from './upstream-api.js'
import type { OrderItem } from './upstream-schemas.js'

export interface OrderWatcherParts {
  readonly clock: Clock
  readonly log: Logger
  readonly api: UpstreamApi
  readonly ledger: OrderLedger
  readonly events: BridgeEvents
  readonly steps: StepCache
  readonly ordersMs: number
  readonly searchMs: number
  /** Exchanges that have `orders` subscribers, with their place. */
  readonly subscribedPlaces: () => ReadonlyMap<string, UpstreamPlace>
}

type Rows = Map<string, OrderItem>

/** One look at one account and connector; the search is made at most once, and only when it is needed. */
interface Look {
  readonly place: UpstreamPlace
  readonly active: Rows
  readonly search: () => Promise<Rows>
}

const upstreamPart = 'Hummingbot API'

/**
 * Looks after the orders: finds those whose answer was lost, follows the others to their end, and tells fills. It polls
 * while there is something to look at, one look at a time.
 */
export class OrderWatcher {
  private timer: Timer | undefined
  private running: Promise<void> | undefined
  private isStopped = false
  private readonly waiters = new Map<OrderRecord, (isFound: boolean) => void>()
  private readonly nextSearchMs = new WeakMap<OrderRecord, number>()
  private readonly lastSeenMs = new WeakMap<OrderRecord, number>()
  private readonly reportedMissing = new WeakSet<OrderRecord>()
  private readonly foreign = new Map<string, ForeignOrders>()

  constructor(private readonly parts: OrderWatcherParts) {}

  /** Looks now, and goes on while there is something to look at. */
  kick(): void {
    if (this.isStopped || this.running !== undefined) return
    this.timer?.cancel()
    this.timer = undefined
    this.running = this.cycle().finally(() => {
      this.running = undefined
      this.schedule()
    })
  }

  /** One look at everything; rejects when the upstream does not answer. */
  async reconcile(): Promise<void> {
    await this.running
    for (const place of this.places()) await this.look(place)
  }

  /** Asks for the fills of an order of which more has filled than is known fill by fill; tells the new ones. */
  async completeFills(record: OrderRecord): Promise<void> {
    await this.tellFills([record], record)
  }

  /** Resolves with `true` once a lost order is found, with `false` after `withinMs`. */
  waitForAdoption(record: OrderRecord, withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (isFound: boolean): void => {
        timer.cancel()
        this.waiters.delete(record)
        resolve(isFound)
      }
      const timer = this.parts.clock.setTimer(() => settle(false), withinMs)
      this.waiters.set(record, settle)
      this.kick()
    })
  }

  async stop(): Promise<void> {
    this.isStopped = true
    this.timer?.cancel()
    for (const settle of this.waiters.values()) settle(false)
    await this.running
  }

  private schedule(): void {
    if (this.isStopped || this.places().length === 0) return
    this.timer = this.parts.clock.setTimer(() => this.kick(), this.parts.ordersMs)
  }

  private async cycle(): Promise<void> {
    const { events, log } = this.parts
    for (const place of this.places()) {
      try {
        await this.look(place)
        events.restored(upstreamPart)
      } catch (cause) {
        log.warn({ cause, connector: place.connectorName }, 'orders could not be read')
        events.lost(upstreamPart, cause instanceof Error ? cause.message : 'no answer')
      }
    }
  }

  private places(): UpstreamPlace[] {
    const { clock, ledger, subscribedPlaces } = this.parts
    const places = new Map<string, UpstreamPlace>()
    const wanted = [...ledger.unresolved, ...ledger.watched(clock.nowMs()), ...subscribedPlaces().values()]
    for (const { accountName, connectorName } of wanted)
      places.set(placeKey({ accountName, connectorName }), { accountName, connectorName })
    return [...places.values()]
  }

  private async look(place: UpstreamPlace): Promise<void> {
    const { api, clock, ledger } = this.parts
    const isHere = (record: OrderRecord): boolean => placeKey(record) === placeKey(place)
    const active = byId(await api.fetchActive(place))
    let searched: Promise<Rows> | undefined
    const search = (): Promise<Rows> => (searched ??= api.search(place, PAGE_SIZE).then(byId))
    const look = { place, active, search }
    for (const record of ledger.unresolved.filter(isHere))
      if (record.state === 'unknown') await this.adopt(record, look)
    const watched = ledger.watched(clock.nowMs()).filter(isHere)
    for (const record of watched) await this.follow(record, look)
    await this.tellFills(watched.filter(owesFills), place)
    await this.tellForeign(look)
  }

  /** Finds the order of a lost answer: one row that fits and belongs to nobody, and no twin that could claim it. */
  private async adopt(record: OrderRecord, { active, place, search }: Look): Promise<void> {
    const { events, ledger, steps } = this.parts
    const rows = new Map([...(await search()), ...active])
    const grid = await steps.stepsOf(record)
    const found = [...rows.values()].filter(
      (row) => ledger.findById(place, row.order_id) === undefined && canBe(record, row, grid),
    )
    const hasTwin = ledger.unresolved.some((other) => isTwin(other, record))
    // Another look may have been quicker while this one was waiting.
    if (found.length !== 1 || hasTwin || record.state !== 'unknown') return
    record.orderId = found[0]!.order_id
    record.state = 'placed'
    applyItem(record, found[0]!, this.parts.clock.nowMs())
    await ledger.save(record)
    events.orderChanged(record)
    this.waiters.get(record)?.(true)
  }

  private async follow(record: OrderRecord, { active, search }: Look): Promise<void> {
    const { clock, events, ledger, searchMs } = this.parts
    const nowMs = clock.nowMs()
    let row = isEnded(record) ? undefined : active.get(record.orderId!)
    if (row === undefined && nowMs >= (this.nextSearchMs.get(record) ?? 0)) {
      this.nextSearchMs.set(record, nowMs + searchMs)
      row = (await search()).get(record.orderId!)
    }
    if (row === undefined) return this.miss(record, nowMs)
    this.lastSeenMs.set(record, nowMs)
    if (!applyItem(record, row, nowMs)) return
    await ledger.save(record)
    events.orderChanged(record)
  }

  private miss(record: OrderRecord, nowMs: number): void {
    if (isEnded(record) || this.reportedMissing.has(record)) return
    if (nowMs - (this.lastSeenMs.get(record) ?? record.sentAtMs) < MISSING_AFTER_MS) return
    this.reportedMissing.add(record)
    this.parts.events.problem(`Order ${record.orderId!} is neither active nor in the history`, record.exchange)
  }

  private async tellFills(owing: readonly OrderRecord[], place: UpstreamPlace): Promise<void> {
    if (owing.length === 0) return
    const { api, clock, events, ledger } = this.parts
    const sinceMs = Math.min(...owing.map(({ sentAtMs }) => sentAtMs)) - CLOCK_TOLERANCE_MS
    for (const trade of (await api.fetchTrades(place, sinceMs)).toReversed()) {
      const record = ledger.findById(place, trade.order_id)
      if (record === undefined) continue
      const before = `${record.status} ${record.filled}`
      if (!applyTrade(record, trade, clock.nowMs())) continue
      await ledger.save(record)
      events.filled(record, record.fills.at(-1)!)
      if (before !== `${record.status} ${record.filled}`) events.orderChanged(record)
    }
  }

  private async tellForeign({ active, place, search }: Look): Promise<void> {
    const { clock, events, ledger, subscribedPlaces } = this.parts
    const subscribed = [...subscribedPlaces()].filter(([, held]) => placeKey(held) === placeKey(place))
    const key = placeKey(place)
    if (subscribed.length === 0) {
      this.foreign.delete(key)
      return
    }
    const foreign = this.foreign.get(key) ?? new ForeignOrders()
    this.foreign.set(key, foreign)
    const gone = foreign.gone(active)
    const ended = gone.length === 0 ? new Map<string, OrderItem>() : await search()
    const rows = [...active.values(), ...gone.flatMap((id) => ended.get(id) ?? [])]
    const strange = rows.filter((row) => ledger.findById(place, row.order_id) === undefined)
    for (const row of foreign.differences(strange)) {
      for (const [exchange] of subscribed) {
        const { type, created_at: _, filled_at: __, ...members } = viewItem(row, { exchange, market: row.trading_pair })
        const data = { ...members, order_type: type, timestamp: clock.nowMs() / 1000 }
        events.audience.pushToOrderSubscribers(exchange, row.trading_pair, { type: 'order_update', data })
      }
    }
  }
}

const byId = (rows: readonly OrderItem[]): Rows => new Map(rows.map((row) => [row.order_id, row]))

const placeKey = ({ accountName, connectorName }: UpstreamPlace): string => `${accountName}/${connectorName}`
