import { Decimal, type AssetId, type RiskApproved } from '@cex-arbitrage/common'
import { describe, expect, it } from 'vitest'
import { accountOf } from '../types/account-id.js'
import { createBasisWorld, type BasisWorldOptions } from '../testing/basis-world.js'
import type { TradingEngine } from '../testing/start-execution.js'
import type { TradeOutcome } from '../types/trade-outcome.js'
import type { TradePlan } from '../types/trade-plan.js'
import { MemoryJournal } from './memory-journal.js'

type BasisWorld = ReturnType<typeof createBasisWorld>

const usdt = 'USDT' as AssetId
const btc = 'BTC' as AssetId

async function start(
  options: BasisWorldOptions = {},
  world: BasisWorld = createBasisWorld(options),
  journal = new MemoryJournal(),
) {
  const engine = world.startEngine(journal)
  await world.finish(engine.executor.recover())
  return { world, engine, journal }
}

const trade = (world: BasisWorld, { executor }: TradingEngine, plan: TradePlan): Promise<TradeOutcome> =>
  world.finish(executor.execute(plan as RiskApproved<TradePlan>))

const open = (world: BasisWorld, engine: TradingEngine, base = '1', id = 'open'): Promise<TradeOutcome> =>
  trade(world, engine, world.createPlan(id, 'opens', base, { spot: '100', perpetual: '101' }))

/** The contracts have come down to spot. */
function converge({ spotBook, perpetualBook }: BasisWorld): void {
  spotBook.set([['110', '30']], [['110.1', '30']])
  perpetualBook.set([['110', '300']], [['110.1', '300']])
}

const close = (world: BasisWorld, engine: TradingEngine, base = '1', id = 'close'): Promise<TradeOutcome> =>
  trade(world, engine, world.createPlan(id, 'closes', base, { spot: '110', perpetual: '110.1' }))

/** Where the ledger and the exchanges disagree. */
function differences({ wallet, margins, perpetual, positions, spot }: BasisWorld, { portfolio }: TradingEngine) {
  const pairs = {
    spotBtc: [portfolio.total(accountOf(spot), btc), wallet.ledger.total(btc)],
    spotUsdt: [portfolio.total(accountOf(spot), usdt), wallet.ledger.total(usdt)],
    marginUsdt: [portfolio.total(accountOf(perpetual), usdt), margins.ledger.total(usdt)],
    position: [portfolio.positions.baseOf(perpetual), positions.contractsOf(perpetual).times(perpetual.contractSize)],
  } as const
  return Object.entries(pairs).flatMap(([name, [ledger, truth]]) =>
    ledger.equals(truth) ? [] : [`${name}: ${ledger.toString()} instead of ${truth.toString()}`],
  )
}

const restart = async (world: BasisWorld, journal: MemoryJournal) => {
  journal.kill()
  const revived = new MemoryJournal({ records: journal.records, checkpoint: journal.lastCheckpoint })
  const engine = world.startEngine(revived)
  await world.finish(engine.executor.recover())
  return { engine, journal: revived }
}

describe('A position in perpetual contracts', () => {
  it('is left behind by the trade that opens it, and taken back by the one that closes it', async () => {
    const { world, engine } = await start()
    const opened = await open(world, engine)
    expect(opened).toMatchObject({ end: 'completed', residuals: [] })
    expect(opened.realisedProfit.toString()).toBe('0.8495')
    expect(world.positions.contractsOf(world.perpetual).toString()).toBe('-10')
    expect(differences(world, engine)).toEqual([])
    converge(world)
    const closed = await close(world, engine)
    expect(closed).toMatchObject({ end: 'completed', residuals: [] })
    expect(world.positions.contractsOf(world.perpetual).isZero).toBe(true)
    expect(differences(world, engine)).toEqual([])
    const earned = world.wallet.ledger.total(usdt).plus(world.margins.ledger.total(usdt)).minus(Decimal.of(120_000))
    expect(opened.realisedProfit.plus(closed.realisedProfit).toString()).toBe(earned.toString())
    expect(engine.portfolio.netPosition(btc).isZero).toBe(true)
    await world.clock.advance(30_000)
    expect(engine.halt.causes).toEqual([])
  })

  it('binds margin, not what it is worth', async () => {
    const { world, engine } = await start()
    await open(world, engine, '2')
    const account = accountOf(world.perpetual)
    expect(engine.portfolio.available(account, usdt).toString()).toBe('19898.899')
    expect(engine.portfolio.positions.leverageOf(world.perpetual).toString()).toBe('2')
    expect(world.positions.leverageOf(world.perpetual)).toBe(2)
  })

  it('has its funding posted once, whenever it is settled and however often it is told', async () => {
    const { world, engine, journal } = await start()
    await open(world, engine)
    world.positions.settleFunding(world.perpetual, '0.02')
    await world.clock.advance(10_000)
    world.positions.settleFunding(world.perpetual, '-0.005')
    await world.clock.advance(10_000)
    const again = await restart(world, journal)
    world.positions.settleFunding(world.perpetual, '0.01')
    await world.clock.advance(30_000)
    expect(again.engine.halt.causes).toEqual([])
    expect(differences(world, again.engine)).toEqual([])
    const [held] = again.engine.portfolio.positions.held([world.perpetual])
    expect(held?.funding.toString()).toBe('0.025')
    expect(held?.entryPrice.toString()).toBe('101')
  })

  it.each([0, 7])('is there again after a restart, with a checkpoint every %i records', async (records) => {
    const { world, engine, journal } = await start({ checkpointAfterRecords: records })
    await open(world, engine)
    await open(world, engine, '0.5', 'more')
    const again = await restart(world, journal)
    expect(again.engine.portfolio.positions.baseOf(world.perpetual).toString()).toBe('-1.5')
    expect(differences(world, again.engine)).toEqual([])
    expect(again.engine.halt.causes).toEqual([])
    converge(world)
    expect(await close(world, again.engine, '1.5')).toMatchObject({ end: 'completed' })
    expect(world.positions.contractsOf(world.perpetual).isZero).toBe(true)
  })

  it('that nobody here has opened halts by name before anything is traded', async () => {
    const world = createBasisWorld({ settings: { startDifferences: 'adopt' } })
    world.positions.set(world.perpetual, '4')
    const { engine } = await start({}, world)
    expect(engine.halt.causes).toMatchObject([
      {
        rule: 'ledger_mismatch',
        asset: 'BTC',
        detail: expect.stringMatching(/0 BTC in alpha:futures:BTC\/USDT.*0\.4/),
      },
    ])
  })

  it('that is gone after a restart halts by name', async () => {
    const { world, engine, journal } = await start()
    await open(world, engine)
    world.positions.set(world.perpetual, '0')
    const again = await restart(world, journal)
    expect(again.engine.halt.causes.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/position of -1 BTC in alpha:futures:BTC\/USDT, and alpha:futures says 0/),
    ])
  })

  it('of which a part was closed by somebody else halts while trading', async () => {
    const { world, engine } = await start()
    await open(world, engine)
    world.positions.set(world.perpetual, '-6', '101')
    await world.clock.advance(30_000)
    expect(engine.halt.causes.map(({ rule, asset }) => `${rule} ${asset}`)).toContain('ledger_mismatch BTC')
  })

  it('that could not be opened has its spot sold again', async () => {
    const { world, engine } = await start()
    world.margins.orders.submitFaults = (order) => (order.side === 'sell' ? { kind: 'refuse' } : undefined)
    const outcome = await open(world, engine)
    expect(outcome.end).toBe('unwound')
    expect(engine.portfolio.netPosition(btc).isZero).toBe(true)
    expect(differences(world, engine)).toEqual([])
  })

  it('that was opened without its spot is taken back, and never turned round', async () => {
    const { world, engine } = await start()
    world.wallet.orders.submitFaults = () => ({ kind: 'refuse' })
    const outcome = await open(world, engine)
    expect(outcome.end).toBe('unwound')
    expect(world.margins.orders.orders.map(({ request }) => [request.side, request.reduceOnly ?? false])).toEqual([
      ['sell', false],
      ['buy', true],
    ])
    expect(world.positions.contractsOf(world.perpetual).isZero).toBe(true)
    expect(differences(world, engine)).toEqual([])
  })

  it('is closed by an order that may only reduce it', async () => {
    const { world, engine } = await start()
    await open(world, engine)
    converge(world)
    await close(world, engine)
    expect(world.margins.orders.orders.at(-1)?.request).toMatchObject({ side: 'buy', reduceOnly: true })
  })
})

describe('A process that dies at any journal write', () => {
  it('finds the position again, hedged, and what the exchanges hold', async () => {
    // What the start itself writes.
    const begun = 3
    let survived = 0
    for (let write = 1; survived < 2; write++) {
      const { world, engine, journal } = await start(
        {},
        createBasisWorld(),
        new MemoryJournal({ killAfter: begun + write }),
      )
      void engine.executor
        .execute(world.createPlan('open', 'opens', '1', { spot: '100', perpetual: '101' }) as RiskApproved<TradePlan>)
        .catch(() => undefined)
      await world.clock.advance(5_000)
      if (!journal.killed) survived++
      const again = await restart(world, journal)
      await world.clock.advance(30_000)
      expect({ write, differences: differences(world, again.engine), halts: again.engine.halt.causes }).toEqual({
        write,
        differences: [],
        halts: [],
      })
      const net = again.engine.portfolio.netPosition(btc)
      expect(net.isZero, `net ${net.toString()} after write ${write}`).toBe(true)
    }
  })
})
