import { SeededRandom, type Logger } from '@cex-arbitrage/common'
import type { ExecutionRecord } from '@cex-arbitrage/trading'
import { createHash } from 'node:crypto'
import { shapeFor, strategyOf, type SimulatedStrategy } from '../engine/create-strategy.js'
import { EngineProcess } from '../engine/engine-process.js'
import { ourOrders } from '../oracle/account-truth.js'
import { findUnknown, judgeEngine, type Finding } from '../oracle/judge-engine.js'
import { RecentTops } from '../oracle/recent-tops.js'
import { simulatedExchanges, type Schedule } from '../schedule/schedule.js'
import { SimulationClock } from '../virtual/simulation-clock.js'
import { symbolSpecs } from '../world/market-settings.js'
import { SimulatedWorld } from '../world/simulated-world.js'
import { faultsEndMs, oneWayMs, sampleEveryMs, topToleranceMs, tradingEndsMs } from './timeline.js'

/** Milliseconds of virtual time. */
const startDeadlineMs = 240_000
const stopDeadlineMs = 60_000
const stopGraceMs = 120_000
const restartGraceMs = 120_000
const maxProcesses = 30

/** What one run of the engine came to. */
export interface EngineRun {
  readonly findings: readonly Finding[]
  readonly trades: number
  readonly ends: Readonly<Record<string, number>>
  readonly processes: number
  readonly journalWrites: number
  /** Rules that halted at the end, but for the stop itself. */
  readonly halts: readonly string[]
  /** SHA-256 over the journals of all processes. */
  readonly hash: string
}

export interface EngineRunOptions {
  readonly seed: number
  readonly schedule: Schedule
  /** In place of the one that follows from the seed. */
  readonly strategy?: SimulatedStrategy
  readonly logger?: Logger
}

/** Runs the engine under one schedule: trading under faults, trading after them, a stop, and the judgement. */
export async function simulateEngine(options: EngineRunOptions): Promise<EngineRun> {
  const run = new EngineRunner(options)
  try {
    return await run.run()
  } finally {
    await run.close()
  }
}

class EngineRunner {
  private readonly clock = new SimulationClock()
  private readonly world: SimulatedWorld
  private readonly strategy: SimulatedStrategy
  private readonly random: SeededRandom
  private readonly findings: Finding[] = []
  private readonly hashes: string[] = []
  private readonly ends = new Map<string, string>()
  private process!: EngineProcess
  private processes = 0
  /** The process under way has come through its start. */
  private isRunning = false
  private restartAtMs: number | undefined

  constructor(private readonly options: EngineRunOptions) {
    const { seed, schedule } = options
    this.strategy = options.strategy ?? strategyOf(seed)
    this.world = new SimulatedWorld({ seed, clock: this.clock, schedule, shape: shapeFor(this.strategy) })
    this.random = new SeededRandom(seed).fork('restarts')
  }

  async run(): Promise<EngineRun> {
    this.launch(undefined)
    this.watchBooks()
    await this.advance(faultsEndMs)
    this.world.heal()
    if (this.options.seed % 2 === 0) this.restartAfterFullDisk()
    await this.advance(tradingEndsMs)
    await this.advance(startDeadlineMs, () => this.isRunning)
    while (this.isRunning && !(await this.stop()))
      await this.advance(this.clock.elapsedMs + restartGraceMs, () => this.isRunning)
    if (!this.isRunning)
      this.findings.push({ violation: 'crash', detail: 'the engine did not come up although nothing fails any more' })
    for (const error of this.world.errors) this.findings.push({ violation: 'crash', detail: `venue: ${String(error)}` })
    const { records } = this.process.journal
    const { portfolio, halts } = this.process
    const findings = [...this.findings, ...judgeEngine({ world: this.world, records, portfolio, halts })]
    this.hashes.push(this.process.journalHash)
    return {
      findings,
      trades: records.filter(({ kind }) => kind === 'trade_start').length,
      ends: this.countEnds(records),
      processes: this.processes,
      journalWrites: records.length,
      halts: halts.map(({ rule }) => rule).filter((rule) => rule !== 'shutdown'),
      hash: createHash('sha256').update(this.hashes.join()).digest('hex'),
    }
  }

  private wallOffsetMs(): number {
    const { wallJump } = this.options.schedule
    return wallJump !== undefined && this.clock.elapsedMs >= wallJump.atMs ? wallJump.byMs : 0
  }

  /** What an operator does who has made room again. */
  private restartAfterFullDisk(): void {
    if (this.process.journal.failed && !this.process.isDead) this.process.kill()
  }

  close(): Promise<void> {
    this.process.kill()
    return this.world.close()
  }

  /** Looks at what the engine would quote from, again and again. */
  private watchBooks(): void {
    const tops = new Map<string, RecentTops>()
    for (const name of simulatedExchanges)
      for (const { base, quote } of symbolSpecs(name, this.world.shape)) {
        const symbol = `${base}/${quote}`
        tops.set(`${name} ${symbol}`, new RecentTops(this.world.venue(name), symbol, this.clock))
      }
    const look = (): void => {
      if (this.isRunning && !this.process.isDead)
        for (const [book, top] of this.process.quotedTops())
          if (!tops.get(book)!.had(top, topToleranceMs))
            this.findings.push({ violation: 'wrong_book', detail: `${book} quotes ${top.bid}/${top.ask}` })
      if (this.clock.elapsedMs < tradingEndsMs) this.clock.setTimer(look, sampleEveryMs)
    }
    look()
  }

  /** @returns whether it is over; a process that dies while stopping has to be started and stopped again. */
  private async stop(): Promise<boolean> {
    const { process } = this
    let isOver = false
    process.stop(stopDeadlineMs).then(
      (proof) => {
        isOver = true
        for (const { exchange, openOrders } of proof.exchanges)
          if (openOrders > 0)
            this.findings.push({ violation: 'orphan', detail: `${openOrders} orders rest on ${exchange} at the stop` })
      },
      (error: unknown) => {
        isOver = true
        this.findings.push({ violation: 'crash', detail: `the stop failed: ${String(error)}` })
      },
    )
    await this.clock.run(this.clock.elapsedMs + stopGraceMs, () => isOver || process.isDead)
    if (isOver) return true
    if (process.isDead) {
      this.bury()
      return false
    }
    this.findings.push({ violation: 'crash', detail: 'the stop did not end' })
    return true
  }

  private advance(untilMs: number, isEnough: () => boolean = () => false): Promise<void> {
    return this.clock.run(untilMs, () => {
      if (this.process.isDead && this.restartAtMs === undefined) this.bury()
      return isEnough()
    })
  }

  private launch(earlier: EngineProcess['journal'] | undefined): void {
    const { seed, schedule, logger } = this.options
    const { strategy } = this
    const session = this.processes++
    if (this.clock.elapsedMs < faultsEndMs) this.world.onSession(session)
    const process = new EngineProcess({
      world: this.world,
      clock: this.clock,
      seed,
      strategy,
      session,
      oneWayMs,
      earlier,
      killAfter: schedule.killAtWrites[session],
      failAfter: session === 0 ? schedule.diskFullAtWrite : undefined,
      wallOffsetMs: () => this.wallOffsetMs(),
      ...(logger && { logger }),
    })
    this.process = process
    this.isRunning = false
    this.restartAtMs = undefined
    process.start().then(
      () => this.onStarted(process),
      // What an operator or a supervisor does with a start that fails: another one.
      () => process.kill(),
    )
  }

  private onStarted(process: EngineProcess): void {
    if (process.isDead) return
    this.isRunning = true
    const known = new Map(
      process.journal.records.flatMap((record) => (record.kind === 'intent' ? [[record.clientOrderId, true]] : [])),
    )
    this.findings.push(...findUnknown(ourOrders(this.world.truths()), known))
  }

  /** Sees a dead process off and plans the next one. */
  private bury(): void {
    const dead = this.process
    dead.kill()
    this.hashes.push(dead.journalHash)
    this.isRunning = false
    if (this.processes >= maxProcesses) return
    const delayMs = this.random.integer(100, 2_500)
    this.restartAtMs = this.clock.elapsedMs + delayMs
    this.clock.setTimer(() => this.launch(dead.journal), delayMs)
  }

  private countEnds(records: readonly ExecutionRecord[]): Readonly<Record<string, number>> {
    for (const record of records) if (record.kind === 'trade_end') this.ends.set(record.correlationId, record.end)
    const counts: Record<string, number> = {}
    for (const end of this.ends.values()) counts[end] = (counts[end] ?? 0) + 1
    return counts
  }
}
