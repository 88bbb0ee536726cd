import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Decimal, SeededRandom } from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import type { StatusSnapshot } from '../../status/status-snapshot.js'
import { ChildProgram } from '../child-program.js'
import { LocalVenues } from '../local-venues.js'
import { drawFault } from './fault-schedule.js'
import { memoryGrowth, memorySlope, type MemorySample } from './memory-trend.js'
import { ownOrders, priceOf, totals } from './venue-totals.js'

export interface SoakOptions {
  /** The engine's command line. */
  readonly program: string
  readonly durationMs: number
  readonly seed: number
  /** Mean of the random times between two SIGKILLs, each followed by a start on the same journal; none when absent. */
  readonly killEveryMs?: number | undefined
  readonly note: (text: string) => void
}

/** What a soak came to; `problems` is empty when it was passed. */
export interface SoakReport {
  readonly seed: number
  readonly minutes: number
  readonly kills: number
  /** Starts after a kill that a fault refused; each was tried again. */
  readonly failedStarts: number
  readonly faults: Readonly<Record<string, number>>
  readonly trades: Readonly<Record<string, number>>
  readonly halts: Readonly<Record<string, number>>
  /** Resident memory of the last quarter over that of the second; 1 is flat. */
  readonly rssGrowth: number
  readonly rssMegabytesPerMinute: number
  readonly heapMegabytesPerMinute: number
  readonly problems: readonly string[]
}

const pollMs = 500
const startMs = 60_000
/** After a kill; so many refusals in a row are no fault that passes. */
const maxStarts = 10
const minPauseMs = 100
const maxPauseMs = 2_500
/** What a healthy engine needs at most to get over the last fault. */
const recoveryMs = 45_000
const maxHeapMegabytesPerMinute = 2
const maxRssGrowth = 1.15
/** Halts that heal by themselves and have a cause among the faults. */
const healingRules = new Set(['stale_feed', 'clock_offset'])

const settings = {
  mode: 'live',
  risk: { maxConsecutiveFailures: 1000, maxDailyLoss: 100_000 },
  execution: { lateFillWatchMs: 30_000, absentAfterMs: 3_000, maxConcurrentTrades: 3 },
  strategies: [{ type: 'spot-spot', coolDownMs: 200 }],
  logging: { level: 'warn', format: 'json' },
}

/** Lets the engine trade against faulty venues, and judges what it did by what the venues know. */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-soak-'))
  const latency = { requestMs: 5, ackMs: 5, fillMs: 4, streamMs: 3, jitter: 0.5 }
  const venues = await LocalVenues.start(options.seed, { latency })
  try {
    const { env, overrides } = venues.sources({ ...settings, journal: { folder: join(folder, 'journal') } })
    await writeFile(join(folder, 'config.yaml'), JSON.stringify(overrides))
    const args = ['run', '--arm', '--config', join(folder, 'config.yaml')]
    // In a file, as on an operator's machine: a database in memory grows with every trade.
    const database = { CEX_ARBITRAGE_DATABASE__URL: `sqlite:${join(folder, 'history.db')}` }
    const soak = new Soak(
      options,
      venues,
      () => new ChildProgram({ program: options.program, args, env: { ...env, ...database }, cwd: folder }),
    )
    try {
      return await soak.run()
    } finally {
      await soak.kill()
    }
  } finally {
    await venues.close()
    await rm(folder, { recursive: true, force: true })
  }
}

class Soak {
  private readonly problems: string[] = []
  private readonly halts = new Map<string, number>()
  private readonly inForce = new Set<string>()
  private readonly memory: MemorySample[] = []
  private readonly startedAt = performance.now()
  private status: StatusSnapshot | undefined
  private engine: ChildProgram
  /** Of the status of the engine that runs now. */
  private address: string | undefined
  private kills = 0
  private failedStarts = 0
  /** Trades of the processes that were killed, as far as their status told. */
  private readonly earlierTrades: Record<string, number> = {}

  constructor(
    private readonly options: SoakOptions,
    private readonly venues: LocalVenues,
    private readonly startEngine: () => ChildProgram,
  ) {
    this.engine = startEngine()
  }

  async kill(): Promise<void> {
    this.engine.kill('SIGKILL')
    await this.engine.exited
  }

  async run(): Promise<SoakReport> {
    const before = totals(this.venues)
    await this.learnAddress()
    const poll = setInterval(() => void this.poll(), pollMs)
    const killing = this.killAgainAndAgain()
    await this.injectFaults()
    await killing
    for (const host of this.venues.hosts.values()) host.faults.clear()
    this.options.note('no more faults; waiting until the engine has got over the last')
    const healthy = (): boolean => this.status?.state === 'trading' && !this.engineIsBusy()
    await waitFor(healthy, 'a trading engine', recoveryMs).catch((error: Error) => this.problems.push(error.message))
    clearInterval(poll)
    this.engine.kill('SIGINT')
    await this.engine.exited
    this.judge(before)
    return this.report()
  }

  private async learnAddress(): Promise<void> {
    const [, address] = await this.engine.line(/Status: (\S+)\/status/, startMs)
    this.address = `${address!}/status`
  }

  private async killAgainAndAgain(): Promise<void> {
    const { killEveryMs, durationMs, seed } = this.options
    if (killEveryMs === undefined) return
    const random = new SeededRandom(seed).fork('kills')
    for (;;) {
      await new Promise((resolve) => void setTimeout(resolve, 2 * killEveryMs * random.next()))
      if (performance.now() - this.startedAt >= durationMs) return
      await this.killAndRestart()
    }
  }

  private async killAndRestart(): Promise<void> {
    this.address = undefined
    await this.kill()
    this.kills++
    for (const [end, count] of Object.entries(this.status?.trades.byEnd ?? {}))
      this.earlierTrades[end] = (this.earlierTrades[end] ?? 0) + count
    this.status = undefined
    this.memory.length = 0
    for (let attempt = 1; !(await this.hasStarted()); attempt++) {
      if (attempt < maxStarts) continue
      this.problems.push(`The engine did not start again:\n${this.engine.text().slice(-4_000)}`)
      return
    }
  }

  /** Starts it as a supervisor would; a fault of an exchange may refuse that. */
  private async hasStarted(): Promise<boolean> {
    this.engine = this.startEngine()
    try {
      await this.learnAddress()
      return true
    } catch {
      this.failedStarts++
      this.options.note(`A start failed: ${this.engine.text().trim().split('\n').at(-1) ?? ''}`)
      await this.kill()
      return false
    }
  }

  private engineIsBusy(): boolean {
    return (
      this.status?.exchanges.some(({ openOrders, accountConnected }) => openOrders > 0 || !accountConnected) ?? true
    )
  }

  private async injectFaults(): Promise<void> {
    const { durationMs, seed, note } = this.options
    const random = new SeededRandom(seed)
    const names = [...this.venues.hosts.keys()] as [string, ...string[]]
    let noted = 0
    while (
      performance.now() - this.startedAt < durationMs &&
      (this.engine.running || this.options.killEveryMs !== undefined)
    ) {
      const { exchange, rule, lastsMs } = drawFault(random, names)
      const host = this.venues.hosts.get(exchange)!
      const id = host.faults.add(rule)
      setTimeout(() => host.faults.remove(id), lastsMs + 1).unref()
      await new Promise((resolve) => void setTimeout(resolve, random.integer(minPauseMs, maxPauseMs)))
      const minute = Math.floor((performance.now() - this.startedAt) / 60_000)
      if (minute > noted) note(`${(noted = minute)} min: ${JSON.stringify(this.trades)}`)
    }
    const wasKilled = this.engine.signal === 'SIGKILL'
    if (!this.engine.running && !wasKilled) this.problems.push(`The engine ended by itself:\n${this.engine.text()}`)
  }

  private async poll(): Promise<void> {
    const { address } = this
    if (address === undefined) return
    try {
      const status = (await (await fetch(address, { signal: AbortSignal.timeout(5_000) })).json()) as StatusSnapshot
      if (address !== this.address) return
      this.status = status
      this.memory.push({ atMs: performance.now() - this.startedAt, ...status.memory })
      this.noteHalts(status)
    } catch (error) {
      if (this.engine.running && address === this.address)
        this.problems.push(`The status was not answered: ${String(error)}`)
    }
  }

  private noteHalts({ halts }: StatusSnapshot): void {
    const now = new Set(halts.map(({ rule, detail }) => `${rule}: ${detail}`))
    for (const { rule, detail } of halts) {
      const key = `${rule}: ${detail}`
      if (this.inForce.has(key)) continue
      this.halts.set(rule, (this.halts.get(rule) ?? 0) + 1)
      if (!healingRules.has(rule)) this.problems.push(`Halted by ${key}`)
    }
    this.inForce.clear()
    for (const key of now) this.inForce.add(key)
  }

  private judge(before: ReadonlyMap<string, Decimal>): void {
    const { engine, problems, venues } = this
    if (engine.exitCode !== 0) problems.push(`Exit code ${engine.exitCode}:\n${engine.text().slice(-4_000)}`)
    if ((this.trades['completed'] ?? 0) === 0) problems.push('No trade was completed.')
    for (const host of venues.hosts.values()) {
      const resting = ownOrders(host).filter(({ status: state }) => state === 'open' || state === 'partially_filled')
      if (resting.length > 0) problems.push(`${resting.length} orders of ours rest on ${host.exchange}.`)
      const ids = ownOrders(host).map(({ clientOrderId }) => clientOrderId)
      if (new Set(ids).size !== ids.length) problems.push(`${host.exchange} has taken one client order id twice.`)
    }
    for (const [asset, total] of totals(venues)) {
      if (asset === 'USDT') continue
      const moved = total.minus(before.get(asset) ?? Decimal.zero)
      const worth = moved.abs().times(priceOf(venues, asset))
      const allowed = Decimal.of(10 * Math.max(1, this.tradeCount()))
      if (worth.greaterThan(allowed)) problems.push(`${asset} moved by ${moved.toString()} over all venues.`)
      this.options.note(
        `${asset}: ${moved.toString()} more than at the start, worth ${worth.toNumber().toFixed(2)} USDT`,
      )
    }
    // A process that begins anew again and again never comes to rest.
    if (this.kills > 0) return
    if (this.heapSlope > maxHeapMegabytesPerMinute)
      problems.push(`The heap grows by ${this.heapSlope.toFixed(2)} MB a minute.`)
    if (this.rssGrowth > maxRssGrowth)
      problems.push(`The resident memory has grown to ${this.rssGrowth.toFixed(2)} of what it was.`)
  }

  private tradeCount(): number {
    return Object.values(this.trades).reduce((sum, count) => sum + count, 0)
  }

  /** Of all processes, by end. */
  private get trades(): Readonly<Record<string, number>> {
    const sums = { ...this.earlierTrades }
    for (const [end, count] of Object.entries(this.status?.trades.byEnd ?? {})) sums[end] = (sums[end] ?? 0) + count
    return sums
  }

  private get rssGrowth(): number {
    return memoryGrowth(this.memory, 'rssBytes')
  }

  private get heapSlope(): number {
    return memorySlope(this.memory, 'heapUsedBytes')
  }

  private report(): SoakReport {
    const faults: Record<string, number> = {}
    for (const host of this.venues.hosts.values())
      for (const [kind, times] of Object.entries(host.faults.injected)) faults[kind] = (faults[kind] ?? 0) + times
    return {
      seed: this.options.seed,
      minutes: (performance.now() - this.startedAt) / 60_000,
      faults,
      kills: this.kills,
      failedStarts: this.failedStarts,
      trades: this.trades,
      halts: Object.fromEntries(this.halts),
      rssGrowth: this.rssGrowth,
      rssMegabytesPerMinute: memorySlope(this.memory, 'rssBytes'),
      heapMegabytesPerMinute: this.heapSlope,
      problems: this.problems,
    }
  }
}
