import {
  Decimal,
  VirtualClock,
  bpsPerUnit,
  silentLogger,
  usPerMs,
  type AssetId,
  type Clock,
} from '@cex-arbitrage/common'
import { loadConfig, parseOverrides, type EngineConfig } from '@cex-arbitrage/config'
import {
  CapturedExchange,
  CrossingTally,
  commonStartMs,
  loadQuoteSeries,
  replayQuotes,
  type QuoteSeries,
} from '@cex-arbitrage/trading'
import { readCapture } from '../captures/read-capture.js'
import { RecordingFolder } from '../replay/recording-folder.js'
import { replayRun } from '../replay/replay-run.js'
import { toRunResult } from '../replay/run-result.js'
import { SessionEngine } from '../replay/session-engine.js'
import type { BacktestJob, CaptureInput } from './backtest-job.js'
import { toTradeRow, toVenueRows, type RunReport } from './run-report.js'

/** Before the first quote, in which the engine starts. */
const headStartMs = 10_000
const feeDecimals = 12

/**
 * Plays a source through the engine with the settings of the job.
 *
 * @throws {@link ConfigurationException} A setting is wrong. @throws What reading the source throws.
 */
export async function runBacktest(job: BacktestJob, realClock: Clock): Promise<RunReport> {
  return job.source.kind === 'recording'
    ? backtestRecording(job, job.source.folder, realClock)
    : backtestCaptures(job, job.source.captures)
}

async function backtestRecording(job: BacktestJob, path: string, clock: Clock): Promise<RunReport> {
  const folder = new RecordingFolder(path)
  const { config, manifest } = await folder.open(job.set)
  const run = await replayRun({ folder, set: job.set, clock, logger: silentLogger })
  // How long it took here says nothing of the run.
  const { wallMs: _wallMs, speed: _speed, ...result } = run.result
  return {
    format: 2,
    title: `Recording ${path}`,
    notes: [
      `${manifest.source === 'simulated' ? 'Simulated venues' : 'Public streams'}, recorded frame by frame; accounts on paper.`,
      paperNote(config),
    ],
    startMs: run.startMs,
    latencyMs: config.paper.latencyMs / 2 + config.paper.latencyJitterMs / 4,
    result,
    trades: run.decisions.outcomes.map(toTradeRow),
    spells: run.observations.spells,
    histogram: run.observations.histogram,
    venues: toVenueRows(run.observations.venues),
  }
}

async function backtestCaptures(job: BacktestJob, captures: readonly CaptureInput[]): Promise<RunReport> {
  const base = loadConfig({ file: job.configFile, env: job.env, overrides: parseOverrides([...job.set, 'mode=paper']) })
  const series = await Promise.all(captures.map((capture) => loadSeries(capture, job.feeBps)))
  const config = withInventory(base, series)
  const clock = new VirtualClock(commonStartMs(series) - headStartMs)
  const exchanges = series.map((each) => new CapturedExchange(each, clock))
  const engine = new SessionEngine({
    config,
    clock,
    seed: job.seed,
    logger: silentLogger,
    createVenues: (accounts) =>
      exchanges.map((publicExchange, index) => ({
        exchange: publicExchange.exchange,
        publicExchange,
        privateExchange: accounts(publicExchange),
        instruments: [series[index]!.instrument],
      })),
  })
  const tally = new CrossingTally(series)
  await clock.runUntil(engine.start())
  const events = await replayQuotes({
    sources: series.map((each, index) => ({ series: each, feed: exchanges[index]!.marketData })),
    clock,
    isBusy: () => engine.isBusy,
    onRow: (_, rows) => tally.add(rows),
  })
  const observations = engine.observations()
  await clock.runUntil(engine.stop())
  const decisions = engine.decisions()
  await engine.close()
  const durationMs = Math.round(clock.nowUs() / usPerMs) - headStartMs
  return {
    format: 2,
    title: series.map(({ name }) => name).join(' and '),
    notes: [
      ...captures.map(({ name, contractSize }) => describeCapture(name, contractSize)),
      'A capture shows the best level only, as sampled by its recorder: edges between samples, and edges of a quote that the other side had already left, are not told apart.',
      `Fee ${job.feeBps} bps a side. ${paperNote(config)}`,
      `Inventory at the start, on each side: ${[...inventoryOf(config)].join(', ')}.`,
    ],
    startMs: clock.startMs + headStartMs,
    latencyMs: config.paper.latencyMs / 2 + config.paper.latencyJitterMs / 4,
    result: toRunResult(decisions, { durationMs, events }),
    trades: decisions.outcomes.map(toTradeRow),
    spells: observations.spells,
    histogram: observations.histogram,
    venues: toVenueRows(observations.venues),
    crossings: { rows: tally.rows, directions: tally.counts() },
  }
}

async function loadSeries({ name, path, contractSize }: CaptureInput, feeBps: string): Promise<QuoteSeries> {
  const rate = Decimal.parse(feeBps).dividedBy(Decimal.of(bpsPerUnit), feeDecimals, 'up')
  return loadQuoteSeries(readCapture(name, path), {
    name,
    contractSize: Decimal.parse(contractSize),
    fees: { maker: rate, taker: rate, assetRule: 'quote' },
  })
}

/** The configuration with inventory of both assets on every side, of equal value where none is configured. */
function withInventory(config: EngineConfig, series: readonly QuoteSeries[]): EngineConfig {
  const { instrument, bidTicks } = series[0]!
  const { base, quote } = instrument
  const { initialBalances } = config.paper
  const money = amountOf(initialBalances, quote) ?? Decimal.parse('50000')
  const stock = amountOf(initialBalances, base) ?? money.dividedBy(instrument.ticksToPrice(bidTicks[0]!), 0, 'down')
  return { ...config, paper: { ...config.paper, initialBalances: { [quote]: money, [base]: stock } } }
}

const amountOf = (balances: Readonly<Record<string, Decimal>>, asset: AssetId): Decimal | undefined => balances[asset]

const inventoryOf = ({ paper }: EngineConfig): string[] =>
  Object.entries(paper.initialBalances).map(([asset, amount]) => `${amount.toString()} ${asset}`)

const paperNote = ({ paper }: EngineConfig): string =>
  `Orders take ${paper.latencyMs} ms there and back and up to ${paper.latencyJitterMs} ms more; ` +
  `${Math.round(paper.partialFill * 100)} % find only part of the depth, ${Math.round(paper.rejectOrder * 100)} % are refused; a resting order is last in its queue.`

function describeCapture(name: string, contractSize: string): string {
  if (name.split(':')[1] === 'spot') return `${name}: spot, sizes as recorded.`
  return `${name}: sizes are contracts of ${contractSize} base; funding, margin and liquidation are left out, and base is taken as deliverable.`
}
