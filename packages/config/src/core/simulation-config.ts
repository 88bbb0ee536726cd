import * as z from 'zod'
import { amount, amountsByAsset, exchangeName, ratio, realNumber, wholeNumber } from './fields.js'

const defaultBalances = { USDT: '50000', BTC: '0.5', ETH: '10', SOL: '200' }

const latencySchema = z
  .strictObject({
    requestMs: realNumber(0, 10_000, 8, 'Milliseconds until the venue sees a request.'),
    ackMs: realNumber(0, 10_000, 8, 'Milliseconds until its answer is back.'),
    fillMs: realNumber(0, 10_000, 5, 'Milliseconds until a fill is on the private stream.'),
    streamMs: realNumber(0, 10_000, 5, 'Milliseconds until a change of the book is on the wire.'),
    jitter: ratio(0.2, 'Random share by which each of them is shorter or longer; 0.2 is 20 %.'),
  })
  .prefault({})
  .describe('How far away the simulated venues are.')

const marketSchema = z
  .strictObject({
    updateIntervalMs: realNumber(1, 60_000, 50, 'Mean milliseconds between two changes of one book.'),
    volatilityBpsPerMinute: realNumber(0, 1000, 6, 'Typical move of a price within a minute, basis points.'),
    spreadBps: realNumber(0.1, 1000, 2, 'Typical spread of a book, basis points.'),
    depthLevels: wholeNumber(1, 1000, 50, 'Levels on each side of a book.'),
    levelNotional: amount.prefault('2500').describe('Typical notional of one level, in quote.'),
  })
  .prefault({})
  .describe('The synthetic market that all simulated venues share.')

const dislocationsSchema = z
  .strictObject({
    perMinute: realNumber(0, 600, 30, 'Price differences between venues that appear in a minute.'),
    minSizeBps: realNumber(0, 5000, 35, 'Smallest difference, basis points.'),
    maxSizeBps: realNumber(0, 5000, 90, 'Largest difference, basis points.'),
    minDurationMs: realNumber(1, 600_000, 700, 'Shortest life of a difference, milliseconds.'),
    maxDurationMs: realNumber(1, 600_000, 3000, 'Longest life of a difference, milliseconds.'),
  })
  .prefault({})
  .describe('Price differences, so that there is something to find.')

const faultsSchema = z
  .strictObject({
    dropFrame: ratio(0, 'Share of stream frames that are lost.'),
    duplicateFrame: ratio(0, 'Share of stream frames that come twice.'),
    reorderFrame: ratio(0, 'Share of stream frames that change places with the next.'),
    delayFrame: ratio(0, 'Share of stream frames that come late.'),
    delayMs: realNumber(0, 60_000, 200, 'Milliseconds by which a late frame is late.'),
    disconnectsPerHour: realNumber(0, 3600, 0, 'Connections cut in an hour.'),
    rejectOrder: ratio(0, 'Share of orders that are refused.'),
    loseAcknowledgement: ratio(0, 'Share of accepted orders whose answer is lost.'),
    serverError: ratio(0, 'Share of requests answered with a 5xx, half of them after they were done.'),
    rateLimit: ratio(0, 'Share of requests answered with a 429.'),
  })
  .prefault({})
  .describe('How often the simulated venues misbehave, as shares of 1.')

const perpetualsSchema = z
  .strictObject({
    initialBalances: amountsByAsset
      .prefault({ USDT: '20000' })
      .describe('What the wallet of perpetual contracts holds on each venue at the start.'),
    fundingIntervalMs: wholeNumber(1000, 86_400_000, 28_800_000, 'Milliseconds between two settlements of funding.'),
  })
  .prefault({})
  .describe('Perpetual contracts of the simulated venues that have them.')

export const simulationConfigSchema = z
  .strictObject({
    seed: wholeNumber(0, 4_294_967_295, 42, 'Same seed, same market.'),
    latency: latencySchema,
    market: marketSchema,
    dislocations: dislocationsSchema,
    faults: faultsSchema,
    perpetuals: perpetualsSchema,
    initialBalances: amountsByAsset
      .prefault(defaultBalances)
      .describe('What the account holds on each venue at the start.'),
    initialBalancesByExchange: z
      .record(exchangeName, amountsByAsset)
      .prefault({})
      .describe('What it holds at the start on one venue, in place of initialBalances.'),
  })
  .prefault({})
  .describe('The local venues of simulated mode.')

/** Fills against the live book without sending anything. */
export const paperConfigSchema = z
  .strictObject({
    seed: wholeNumber(0, 4_294_967_295, 42, 'Seed of latency, partial fills and rejects.'),
    latencyMs: realNumber(0, 10_000, 40, 'Milliseconds between an order and its match against the live book.'),
    latencyJitterMs: realNumber(0, 10_000, 20, 'Mean of the random milliseconds added to it.'),
    partialFill: ratio(0.1, 'Share of orders that fill in part.'),
    rejectOrder: ratio(0.01, 'Share of orders that are refused.'),
    initialBalances: amountsByAsset
      .prefault(defaultBalances)
      .describe('What the account holds on each exchange at the start.'),
  })
  .prefault({})
  .describe('Paper mode: live prices, simulated fills.')

export type SimulationConfig = z.infer<typeof simulationConfigSchema>
export type PaperConfig = z.infer<typeof paperConfigSchema>
