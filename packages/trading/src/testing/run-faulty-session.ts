import { Decimal, SeededRandom, type AssetId } from '@cex-arbitrage/common'
import { approveEverything } from './approve-everything.js'
import type { TradingWorld } from './create-trading-world.js'
import type { TradingEngine } from './start-execution.js'
import type { SimulatedExchange } from './simulated-exchange.js'
import type { CancelFault, QueryFault, SubmitFault } from './simulated-faults.js'

const submitKinds = [
  undefined,
  'refuse',
  'retry',
  'lost_request',
  'lost_answer',
  'hang',
  'error_after_accept',
  'late_refusal',
] as const

/** Faults of all kinds on every call, as the seed has it; `intensity` is the share of calls that go wrong. */
export function setRandomFaults(exchanges: readonly SimulatedExchange[], seed: number, intensity: number): void {
  for (const { exchange, orders } of exchanges) {
    const random = new SeededRandom(seed).fork(exchange)
    orders.submitFaults = () => (random.next() < intensity ? randomSubmitFault(random) : undefined)
    orders.queryFaults = (): QueryFault | undefined =>
      random.next() < intensity / 2 ? { kind: random.pick(['error', 'not_found', 'hang']) } : undefined
    orders.cancelFaults = (): CancelFault | undefined =>
      random.next() < intensity / 2 ? { kind: random.pick(['error', 'fills_first', 'done_unanswered']) } : undefined
  }
}

export function clearFaults(exchanges: readonly SimulatedExchange[]): void {
  for (const { orders } of exchanges) {
    orders.submitFaults = []
    orders.queryFaults = []
    orders.cancelFaults = []
  }
}

function randomSubmitFault(random: SeededRandom): SubmitFault {
  const kind = random.pick(submitKinds)
  const maybe = (chance: number): boolean => random.next() < chance
  return {
    ...(kind !== undefined && { kind }),
    ...(maybe(0.3) && { ackDelayMs: random.integer(0, 400) }),
    ...(maybe(0.1) && { arrivalDelayMs: random.integer(0, 3_000) }),
    ...(maybe(0.3) && { eventDelayMs: random.integer(0, 3_000) }),
    ...(maybe(0.4) && { eventCopies: random.integer(0, 3) }),
    ...(maybe(0.3) && { reversed: true }),
    ...(maybe(0.3) && { matchLots: random.integer(0, 10_000) }),
    ...(maybe(0.1) && { rests: true }),
    ...(maybe(0.1) && { lateFillMs: random.integer(0, 5_000) }),
  }
}

/** Runs so many trades one after the other, with stream breaks and moving books in between. */
export async function runTrades(world: TradingWorld, engine: TradingEngine, seed: number, trades: number) {
  const random = new SeededRandom(seed).fork('session')
  for (let i = 0; i < trades; i++) {
    if (engine.halt.causes.length > 0) break
    world.refill()
    const quantity = Decimal.of(random.integer(1, 20), 1).toString()
    const trade = engine.executor.execute(approveEverything.approvePlan(world.createPlan(`t${i}`, quantity)))
    if (random.next() < 0.2) world.exchanges[random.integer(0, 2)]!.account.disconnect()
    await world.clock.advance(random.integer(0, 500))
    for (const { account } of world.exchanges) account.connect()
    await world.finish(trade)
  }
}

/** Everything of which the engine's belief and the exchanges' truth differ; empty when all is well. */
export function compareWithTruth(world: TradingWorld, engine: TradingEngine): readonly string[] {
  const wrong: string[] = []
  for (const exchange of world.exchanges) {
    for (const asset of ['BTC', 'USDT'] as AssetId[]) {
      const believed = engine.portfolio.total(exchange.exchange, asset)
      const truth = exchange.ledger.total(asset)
      if (!believed.equals(truth))
        wrong.push(`${exchange.exchange} ${asset}: ${believed.toString()} is ${truth.toString()}`)
      if (!exchange.ledger.balance(asset).locked.isZero) wrong.push(`${exchange.exchange} ${asset} is locked`)
    }
    for (const order of exchange.orders.orders)
      if (order.open) wrong.push(`${order.request.clientOrderId} rests on ${exchange.exchange}`)
    const ids = exchange.orders.orders.map((order) => order.request.clientOrderId)
    if (new Set(ids).size !== ids.length) wrong.push(`an order was accepted twice on ${exchange.exchange}`)
  }
  for (const asset of ['BTC', 'USDT'] as AssetId[])
    if (!engine.portfolio.ledger.sum(asset).isZero) wrong.push(`the ledger does not sum to zero in ${asset}`)
  return wrong
}
