import { Decimal, createAssetId } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { createTriangleWorld, type TriangleEngine, type TriangleWorldOptions } from '../testing/triangle-world.js'
import type { SubmitFault } from '../testing/simulated-faults.js'
import { MemoryJournal } from './memory-journal.js'

const assets = ['USDT', 'BTC', 'ETH'].map(createAssetId)
const bound = 10

async function startWorld(options: TriangleWorldOptions = {}) {
  const world = createTriangleWorld(options)
  const running = world.startEngine()
  world.calm()
  await world.settle(running.engine.start())
  return { world, running, ...running }
}

type World = ReturnType<typeof createTriangleWorld>

/** Lets one trade happen and returns its outcome. */
async function trade(world: World, { engine, outcomes }: TriangleEngine, way: 'cheap' | 'dear' = 'cheap') {
  const before = outcomes.length
  world.dislocate(way)
  const approvals = engine.status().approvals
  world.calm()
  await world.until(() => outcomes.length > before && engine.status().openTrades === 0)
  expect(approvals).toBe(before + 1)
  return outcomes.at(-1)!
}

/** The next orders of these pairs meet with the fault. */
function spoil(world: World, fault: SubmitFault, ...symbols: readonly string[]): void {
  const left = [...symbols]
  world.exchange.orders.submitFaults = ({ instrument }) => {
    const at = left.indexOf(instrument.symbol)
    if (at < 0) return undefined
    left.splice(at, 1)
    return fault
  }
}

/** Everything of which belief and truth differ, and what rests. */
function compareWithTruth({ exchange }: World, { portfolio }: TriangleEngine): readonly string[] {
  const wrong: string[] = []
  for (const asset of assets) {
    const [believed, truth] = [portfolio.total(exchange.exchange, asset), exchange.ledger.total(asset)]
    if (!believed.equals(truth)) wrong.push(`${asset}: ${believed.toString()} is ${truth.toString()}`)
    if (!portfolio.ledger.sum(asset).isZero) wrong.push(`${asset} does not sum to zero`)
  }
  for (const order of exchange.orders.orders) if (order.open) wrong.push(`${order.request.clientOrderId} rests`)
  const ids = exchange.orders.orders.map(({ request }) => request.clientOrderId)
  if (new Set(ids).size !== ids.length) wrong.push('an order was accepted twice')
  return wrong
}

/** What is open of each asset within the cycle, in USDT. */
const openValue = (world: World): number =>
  Math.max(world.drift('BTC').abs().toNumber() * 1_000, world.drift('ETH').abs().toNumber() * 50)

const rolesOf = (journal: MemoryJournal): readonly string[] =>
  journal.records.flatMap((record) =>
    record.kind === 'intent' ? [`${record.role} ${record.side} ${record.instrumentId.split(':')[2]}`] : [],
  )

describe.each(['cheap', 'dear'] as const)('a cycle over a %s cross', (way) => {
  it.each(['quote', 'received'] as const)(
    'brings what was expected, to the last digit, with fees in %s',
    async (feeAssetRule) => {
      const pair = { feeAssetRule, lotSize: '0.001' }
      const { world, running } = await startWorld({
        basePair: pair,
        quotePair: pair,
        crossPair: pair,
        options: { maxSurplusNotional: Decimal.of(50) },
      })
      world.dislocate(way)
      const { engine, outcomes } = running
      await world.until(() => outcomes.length === 1)
      const [outcome] = outcomes
      expect(outcome).toMatchObject({
        end: 'completed',
        strategy: 'triangular',
        symbol: 'ETH/BTC',
        profitAsset: 'USDT',
      })
      expect(outcome!.legs).toHaveLength(3)
      expect(outcome!.realisedProfit.toString()).toBe(outcome!.expectedProfit.toString())
      expect(Object.values(outcome!.attribution).every((part) => (part as Decimal).isZero)).toBe(true)
      for (const { amount } of outcome!.residuals) expect(amount.sign).toBe(1)
      expect(openValue(world)).toBeLessThan(2)
      expect(compareWithTruth(world, running)).toEqual([])
      await world.settle(engine.stop(2_000))
    },
  )

  it.each([
    ['BTC/USDT'],
    ['ETH/BTC'],
    ['ETH/USDT'],
    ['BTC/USDT', 'ETH/BTC'],
    ['ETH/BTC', 'ETH/USDT'],
    ['BTC/USDT', 'ETH/USDT'],
    ['BTC/USDT', 'ETH/BTC', 'ETH/USDT'],
  ])('ends flat when orders are refused: %s %s %s', async (...symbols) => {
    const { world, running } = await startWorld()
    spoil(world, { kind: 'refuse' }, ...symbols)
    const outcome = await trade(world, running, way)
    expect(outcome.end).not.toBe('halted')
    expect(running.halt.causes).toEqual([])
    expect(openValue(world)).toBeLessThan(bound)
    expect(compareWithTruth(world, running)).toEqual([])
    const { attribution, realisedProfit, expectedProfit } = outcome
    const sum = Object.values(attribution).reduce((a: Decimal, b: Decimal) => a.plus(b), Decimal.zero)
    expect(sum.equals(realisedProfit.minus(expectedProfit))).toBe(true)
    await world.settle(running.engine.stop(2_000))
  })

  it('ends flat when every leg fills another part', async () => {
    const { world, running } = await startWorld()
    const parts = [9_000, 4_000, 60_000]
    world.exchange.orders.submitFaults = () => ({ matchLots: parts.shift() ?? 1_000_000 })
    const outcome = await trade(world, running, way)
    expect(outcome.end).not.toBe('halted')
    expect(openValue(world)).toBeLessThan(bound)
    expect(compareWithTruth(world, running)).toEqual([])
  })

  it('goes round on the start asset alone when its legs wait for each other', async () => {
    const { world, running } = await startWorld({ balances: { USDT: '300' }, options: { legOrder: 'sequential' } })
    world.dislocate(way)
    await world.until(() => running.outcomes.length === 1)
    expect(running.outcomes[0]).toMatchObject({ end: 'completed' })
    expect(running.outcomes[0]!.realisedProfit.sign).toBe(1)
    expect(rolesOf(running.journal)).toEqual(
      way === 'cheap'
        ? ['leg buy BTC/USDT', 'leg buy ETH/BTC', 'leg sell ETH/USDT']
        : ['leg buy ETH/USDT', 'leg sell ETH/BTC', 'leg sell BTC/USDT'],
    )
    expect(compareWithTruth(world, running)).toEqual([])
  })

  it('sells back what was bought when the second of legs in turn is refused', async () => {
    const { world, running } = await startWorld({ balances: { USDT: '300' }, options: { legOrder: 'sequential' } })
    spoil(world, { kind: 'refuse' }, 'ETH/BTC')
    const outcome = await trade(world, running, way)
    expect(outcome.end).toBe('unwound')
    expect(outcome.legs.map(({ role }) => role)).toEqual(['leg', 'leg', 'leg', 'unwind'])
    expect(openValue(world)).toBeLessThan(bound)
    expect(compareWithTruth(world, running)).toEqual([])
  })

  it('cuts each of the legs in turn to what its predecessor filled of the plan', async () => {
    const { world, running } = await startWorld({ options: { legOrder: 'sequential' } })
    const planned: number[] = []
    world.exchange.orders.submitFaults = ({ quantityLots }) => {
      planned.push(quantityLots)
      return planned.length === 1 ? { matchLots: Math.floor(quantityLots / 2) } : undefined
    }
    world.dislocate(way)
    await world.until(() => running.outcomes.length === 1)
    const [outcome] = running.outcomes
    expect(outcome).toMatchObject({ end: 'completed' })
    expect(outcome!.legs).toHaveLength(3)
    const start = running.journal.records.find(({ kind }) => kind === 'trade_start')
    const whole = start?.kind === 'trade_start' ? start.plan.legs.map(({ quantityLots }) => quantityLots) : []
    for (const index of [1, 2]) expect(planned[index]! / whole[index]!).toBeCloseTo(0.5, 2)
    expect(openValue(world)).toBeLessThan(bound)
    expect(compareWithTruth(world, running)).toEqual([])
  })
})

describe('what a cycle leaves over', () => {
  it('is closed by the cross itself when that alone was refused', async () => {
    const { world, running } = await startWorld()
    spoil(world, { kind: 'refuse' }, 'ETH/BTC')
    world.dislocate()
    await world.until(() => running.outcomes.length === 1)
    expect(rolesOf(running.journal).slice(3)).toEqual(['complete buy ETH/BTC'])
    expect(openValue(world)).toBeLessThan(bound)
  })

  it('is closed pair by pair while the cross takes no orders', async () => {
    const { world, running } = await startWorld()
    world.exchange.orders.submitFaults = ({ instrument }) =>
      instrument.symbol === 'ETH/BTC' ? { kind: 'refuse' } : undefined
    const outcome = await trade(world, running)
    expect(outcome.end).not.toBe('halted')
    expect(new Set(rolesOf(running.journal).slice(3))).toContain('unwind buy ETH/USDT')
    expect(new Set(rolesOf(running.journal).slice(3))).toContain('unwind sell BTC/USDT')
    expect(openValue(world)).toBeLessThan(bound)
  })

  it('halts with every amount named when nothing can close it', async () => {
    const { world, running } = await startWorld()
    let orders = 0
    world.exchange.orders.submitFaults = ({ instrument }) =>
      ++orders > 3 || instrument.symbol === 'ETH/BTC' ? { kind: 'refuse' } : undefined
    world.dislocate()
    await world.until(() => running.outcomes.length === 1)
    const [outcome] = running.outcomes
    expect(outcome!.end).toBe('halted')
    const named = new Map(outcome!.residuals.map(({ asset, amount }) => [asset, amount.toString()]))
    expect(named).toEqual(
      new Map([
        ['BTC', world.drift('BTC').toString()],
        ['ETH', world.drift('ETH').toString()],
      ]),
    )
    const detail = running.halt.causes.find(({ rule }) => rule === 'residual')?.detail
    for (const [asset, amount] of named) expect(detail).toContain(`${amount} ${asset} on alpha`)
  })
})

it('keeps every pair of the triangle to itself while a cycle is under way', async () => {
  const { world, running } = await startWorld({ latencyMs: 100 })
  world.dislocate()
  expect(running.engine.status()).toMatchObject({ openTrades: 1 })
  for (const instrument of [world.basePair, world.quotePair, world.crossPair]) {
    const before = running.engine.status().whyNot.symbol_busy
    const book = world.feed.book(instrument.id)!
    const price = (ticks: number): string => instrument.ticksToPrice(ticks).toString()
    world.feed.set(
      instrument,
      [[price(book.bids.priceTicksAt(0) - 1), '5']],
      [[price(book.asks.priceTicksAt(0) + 1), '5']],
    )
    expect(running.engine.status().whyNot.symbol_busy).toBe(before + 1)
  }
  expect(running.engine.status().proposals).toBe(1)
})

describe('an engine killed in the middle of three legs', () => {
  it.each(['concurrent', 'sequential'] as const)(
    'is flat and believes the truth after the next start, legs %s',
    async (legOrder) => {
      for (let killAfter = 4; killAfter < 44; killAfter++) {
        const world = createTriangleWorld({ latencyMs: 5, options: { legOrder, coolDownMs: 0, failureCoolDownMs: 0 } })
        const journal = new MemoryJournal({ killAfter })
        const first = world.startEngine(journal)
        world.calm()
        void first.engine.start()
        await world.clock.advance(1_000)
        if (killAfter % 3 === 0) spoil(world, { kind: 'lost_answer' }, 'ETH/BTC')
        world.dislocate(killAfter % 2 === 0 ? 'cheap' : 'dear')
        for (let turn = 0; !journal.killed && turn < 100; turn++) await world.clock.advance(50)
        journal.kill()
        await world.exchange.account.close()
        world.exchange.orders.submitFaults = []
        world.calm()
        const second = world.startEngine(new MemoryJournal({ records: journal.records }))
        await world.settle(second.engine.start())
        await world.clock.advance(10_000)
        expect(compareWithTruth(world, second), `killed after ${killAfter}`).toEqual([])
        expect(openValue(world) < bound || second.halt.causes.length > 0, `killed after ${killAfter}`).toBe(true)
        await world.settle(second.engine.stop(2_000))
      }
    },
  )
})
