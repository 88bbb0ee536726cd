import {
  msPerSecond,
  sleep,
  type Clock,
  type ExchangeId,
  type Instrument,
  type MarketType,
} from '@cex-arbitrage/common'
import type { BaseExchangeConfig, EngineConfig } from '@cex-arbitrage/config'
import type { FactoryManager, PublicExchange } from '@cex-arbitrage/exchanges'
import { checkAccount } from './check-account.js'
import { attempt, fail, ok, reachAdvice, warn, type CheckResult } from './check.js'

export interface ExchangeCheckOptions {
  readonly config: EngineConfig
  readonly exchange: ExchangeId
  readonly settings: BaseExchangeConfig
  readonly marketType: MarketType
  readonly exchanges: FactoryManager
  readonly clock: Clock
}

const bookTimeoutMs = 15_000
const bookPollMs = 20
/** Looks at one kind of market of one exchange: reachable, on time, complete, and a key that may do what it should. */
export async function checkExchange(options: ExchangeCheckOptions): Promise<readonly CheckResult[]> {
  const { config, exchange, marketType, exchanges } = options
  const name = `${exchange} ${marketType}`
  const publicExchange = exchanges.publicExchange(exchange, marketType)
  const results = await checkRest(name, publicExchange, options)
  if (results.some(({ state }) => state === 'fail')) return results
  const instruments = await watchedInstruments(publicExchange, options)
  results.push(checkInstruments(name, instruments, options))
  const [first] = instruments
  if (first !== undefined) results.push(await checkStream(name, publicExchange, first, options))
  if (config.mode === 'paper') return results
  const privateExchange = exchanges.privateExchange(exchange, marketType)
  return [...results, ...(await checkAccount(name, privateExchange, instruments, options))]
}

async function checkRest(
  name: string,
  publicExchange: PublicExchange,
  { config, clock }: ExchangeCheckOptions,
): Promise<CheckResult[]> {
  let offsetMs = 0
  let roundTripMs = 0
  const rest = await attempt(`${name} REST`, reachAdvice, clock, async () => {
    ;({ offsetMs, roundTripMs } = await publicExchange.fetchServerTime())
    return ok(`${name} REST`, `answers in ${roundTripMs.toFixed(0)} ms`)
  })
  return rest.state === 'ok' ? [rest, checkClock(name, offsetMs, roundTripMs, config.risk.maxClockOffsetMs)] : [rest]
}

/** The offset is known to half the round trip; only what is certain counts. */
function checkClock(name: string, offsetMs: number, roundTripMs: number, allowedMs: number): CheckResult {
  const certainMs = Math.max(0, Math.abs(offsetMs) - roundTripMs / 2)
  const direction = offsetMs > 0 ? 'behind' : 'ahead of'
  const detail = `this machine is ${Math.abs(offsetMs).toFixed(0)} ms ${direction} the exchange, ±${(roundTripMs / 2).toFixed(0)} ms; allowed are ${allowedMs} ms`
  const advice = 'Set the clock of this machine by NTP: timedatectl set-ntp true, or chrony.'
  if (certainMs > allowedMs) return fail(`${name} clock`, detail, advice)
  if (certainMs > allowedMs / 2) return warn(`${name} clock`, detail, advice)
  return ok(`${name} clock`, detail)
}

async function watchedInstruments(
  publicExchange: PublicExchange,
  options: ExchangeCheckOptions,
): Promise<readonly Instrument[]> {
  const wanted = new Set(wantedSymbols(options))
  const all = await publicExchange.fetchInstruments()
  return all.filter(({ symbol, status }) => wanted.has(symbol) && status === 'trading')
}

const wantedSymbols = ({ config, exchange, marketType }: ExchangeCheckOptions): readonly string[] =>
  config.instruments
    .filter(({ marketTypes, exchanges }) => marketTypes.includes(marketType) && (exchanges?.includes(exchange) ?? true))
    .map(({ symbol }) => symbol)

function checkInstruments(
  name: string,
  instruments: readonly Instrument[],
  options: ExchangeCheckOptions,
): CheckResult {
  const wanted = wantedSymbols(options)
  const missing = wanted.filter((each) => !instruments.some(({ symbol }) => symbol === each))
  const title = `${name} instruments`
  if (missing.length === 0) return ok(title, `${wanted.length} of ${wanted.length} are traded there`)
  const advice = 'Take what is not traded there off instruments, or name the exchanges of that entry.'
  const detail = `not traded there: ${missing.join(', ')}`
  return instruments.length === 0 ? fail(title, detail, advice) : warn(title, detail, advice)
}

function checkStream(
  name: string,
  { marketData }: PublicExchange,
  instrument: Instrument,
  { clock }: ExchangeCheckOptions,
): Promise<CheckResult> {
  const title = `${name} WebSocket`
  return attempt(title, reachAdvice, clock, async () => {
    const startedAtUs = clock.nowUs()
    const elapsedMs = (): number => (clock.nowUs() - startedAtUs) / 1_000
    await marketData.subscribe([instrument])
    while (marketData.book(instrument.id)?.trust !== 'trusted') {
      if (elapsedMs() > bookTimeoutMs)
        return fail(title, `no book of ${instrument.symbol} within ${bookTimeoutMs / msPerSecond} s`, reachAdvice)
      await sleep(clock, bookPollMs)
    }
    return ok(title, `a trusted book of ${instrument.symbol} after ${elapsedMs().toFixed(0)} ms`)
  })
}
