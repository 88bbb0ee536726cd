import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Decimal, systemClock } from '@cex-arbitrage/common'
import { FileJournal } from '@cex-arbitrage/storage'
import { executionRecordCodec, type RecoveryReport, type ShutdownProof } from '@cex-arbitrage/trading'
import type { BalanceStatus, StatusSnapshot } from '../../status/status-snapshot.js'
import { ChildProgram } from '../child-program.js'
import { LocalVenues } from '../local-venues.js'
import { describeKillPoint, type KillPoint } from './kill-point.js'

const maxResidualNotional = 10
const reachedWithinMs = 60_000
const recoveredWithinMs = 60_000
const latency = { requestMs: 4, ackMs: 4, fillMs: 3, streamMs: 2, jitter: 0.3 }

/** What is traded, as a configuration says it. */
export interface TradingSections {
  readonly instruments: readonly string[]
  readonly strategies?: readonly Readonly<Record<string, unknown>>[]
}

/** What a kill and the restart after it came to; `problems` is empty when nothing was lost. */
export interface KillVerdict {
  readonly point: KillPoint
  /** Orders of ours that the venues have seen, those after the restart included. */
  readonly orders: number
  readonly adopted: number
  readonly hedged: number
  /** Milliseconds from the restart until recovery had ended. */
  readonly recoveryMs: number
  readonly problems: readonly string[]
}

interface Stopped {
  readonly proof: ShutdownProof
  readonly halts: StatusSnapshot['halts']
  readonly balances: readonly BalanceStatus[]
}

/**
 * Kills an engine at a record of its journal, restarts it, and compares what it believes with what is true.
 *
 * @param program - The built `mortal-engine`.
 * @param trading - Instruments and strategies, where they are others than the usual.
 */
export async function runKillPoint(
  program: string,
  point: KillPoint,
  seed: number,
  trading: TradingSections = { instruments: ['BTC/USDT', 'ETH/USDT'] },
): Promise<KillVerdict> {
  const folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-kill-'))
  const venues = await LocalVenues.start(seed, { latency })
  try {
    return await new KilledEngine(program, venues, folder, trading).judge(point)
  } finally {
    await venues.close()
    await rm(folder, { recursive: true, force: true })
  }
}

class KilledEngine {
  constructor(
    private readonly program: string,
    private readonly venues: LocalVenues,
    private readonly folder: string,
    private readonly trading: TradingSections,
  ) {}

  async judge(point: KillPoint): Promise<KillVerdict> {
    const before = this.totals()
    const first = await this.startEngine(point)
    await Promise.race([first.exited, timeout(reachedWithinMs)])
    if (first.signal !== 'SIGKILL')
      throw new Error(`The engine was not killed ${describeKillPoint(point)}:\n${first.text()}`)
    // The engine is to settle what it left, and to open nothing, so that nothing covers a mistake up.
    await writeFile(join(this.folder, 'KILL'), '')
    const restartedAt = performance.now()
    const second = await this.startEngine()
    const [text] = await second.line(/^\{"event":"ready".*$/, recoveredWithinMs)
    const recoveryMs = performance.now() - restartedAt
    const { recovery } = JSON.parse(text!) as { readonly recovery: RecoveryReport }
    second.kill('SIGTERM')
    await second.exited
    const [last] = await second.line(/^\{"event":"stopped".*$/)
    const stopped = JSON.parse(last!) as Stopped
    return {
      point,
      orders: this.ownOrders().length,
      adopted: recovery.adopted,
      hedged: recovery.hedged.length,
      recoveryMs,
      problems: [
        ...this.judgeBelief(stopped),
        ...this.judgeResidual(before, stopped),
        ...(await this.judgeOrders(join(this.folder, 'journal'))),
      ],
    }
  }

  private async startEngine(point?: KillPoint): Promise<ChildProgram> {
    const { folder } = this
    const sources = this.venues.sources({
      mode: 'live',
      ...this.trading,
      journal: { folder: join(folder, 'journal') },
      killSwitch: { file: join(folder, 'KILL') },
      database: { enabled: false },
      server: { enabled: false },
      risk: { maxResidualNotional },
      execution: {
        absentAfterMs: 1_500,
        reconcileIntervalMs: 200,
        maxConcurrentTrades: 1,
        watchdog: { enabled: false },
      },
    })
    const file = join(folder, 'sources.json')
    await writeFile(file, JSON.stringify(sources))
    const args = point === undefined ? [file] : [file, JSON.stringify(point)]
    return new ChildProgram({ program: this.program, args, cwd: folder })
  }

  /** The engine's own proof, and its ledger against the truth, to the last unit. */
  private judgeBelief({ proof, balances }: Stopped): string[] {
    const problems: string[] = []
    for (const { exchange, openOrders, mismatches } of proof.exchanges) {
      if (openOrders > 0) problems.push(`${openOrders} orders rest on ${exchange}, says the engine`)
      for (const row of mismatches)
        problems.push(`${exchange} ${row.asset}: ledger ${row.ledger}, exchange ${row.exchange}`)
    }
    for (const { exchange, asset, total } of balances) {
      const truth = this.held(exchange, asset)
      if (!truth.equals(Decimal.parse(total)))
        problems.push(`${exchange} ${asset}: ledger ${total}, truth ${truth.toString()}`)
    }
    return problems
  }

  /** What the trade left open in any base asset is within the bound, or the engine has halted on it. */
  private judgeResidual(before: ReadonlyMap<string, Decimal>, { halts }: Stopped): string[] {
    const named = halts.some(({ rule }) => rule === 'residual')
    const problems: string[] = []
    for (const [asset, total] of this.totals()) {
      const moved = total.minus(before.get(asset) ?? Decimal.zero)
      const worth = moved.abs().toNumber() * this.price(asset)
      if (asset !== 'USDT' && worth > maxResidualNotional && !named)
        problems.push(`${moved.toString()} ${asset} is left open, worth ${worth.toFixed(2)} USDT, and no halt names it`)
    }
    return problems
  }

  /** Nothing rests, nothing was sent twice, and nothing was sent without an intent in the journal. */
  private async judgeOrders(journal: string): Promise<string[]> {
    const problems: string[] = []
    const seen = new Set<string>()
    const intents = await readIntents(journal)
    for (const { clientOrderId, status } of this.ownOrders()) {
      if (status === 'open' || status === 'partially_filled') problems.push(`${clientOrderId} rests`)
      if (seen.has(clientOrderId)) problems.push(`${clientOrderId} was taken twice`)
      if (!intents.has(clientOrderId)) problems.push(`${clientOrderId} was sent without an intent`)
      seen.add(clientOrderId)
    }
    return problems
  }

  /** Ids are ours, without the prefix that an exchange asks for. */
  private ownOrders(): readonly { readonly clientOrderId: string; readonly status: string }[] {
    return [...this.venues.hosts.values()]
      .flatMap((host) => host.truth().orders)
      .filter(({ accountId }) => accountId === 'trader')
      .map(({ clientOrderId, status }) => ({ clientOrderId: (clientOrderId ?? '').replace(/^t-/, ''), status }))
  }

  private held(exchange: string, asset: string): Decimal {
    const balance = this.venues.hosts.get(exchange)!.truth().accounts['trader']![asset]
    return balance === undefined ? Decimal.zero : Decimal.parse(balance.free).plus(Decimal.parse(balance.locked))
  }

  private totals(): ReadonlyMap<string, Decimal> {
    const assets = [...this.venues.hosts.values()].flatMap((host) => Object.keys(host.truth().accounts['trader']!))
    const sum = (asset: string): Decimal =>
      [...this.venues.hosts.keys()].reduce((total, name) => total.plus(this.held(name, asset)), Decimal.zero)
    return new Map([...new Set(assets)].map((asset) => [asset, sum(asset)]))
  }

  private price(asset: string): number {
    const [bid] = this.venues.hosts.get('gateio')!.truth().books[`${asset}/USDT`]?.bids ?? []
    return bid === undefined ? 0 : Number(bid[0])
  }
}

async function readIntents(directory: string): Promise<ReadonlySet<string>> {
  const journal = await FileJournal.open({ directory, codec: executionRecordCodec, clock: systemClock })
  const intents = new Set<string>()
  for await (const record of journal.replay()) if (record.kind === 'intent') intents.add(record.clientOrderId)
  await journal.close()
  return intents
}

function timeout(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref())
}
