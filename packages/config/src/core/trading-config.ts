import { clientOrderIdPrefix } from '@cex-arbitrage/common'
import * as z from 'zod'
import { exchangeName, flag, marketSymbol, realNumber, wholeNumber } from './fields.js'

const watchedInstrument = z.strictObject({
  symbol: marketSymbol.describe('BASE/QUOTE.'),
  marketTypes: z
    .array(z.enum(['spot', 'futures', 'margin']))
    .min(1)
    .default(['spot'])
    .describe('Markets of the pair.'),
  exchanges: z
    .array(exchangeName)
    .min(1)
    .optional()
    .describe(
      'Exchanges on which it is watched; all that list it by default. One ticker can be two coins: name them here.',
    ),
})

/** The markets that the engine watches; a bare `BTC/USDT` means the spot market on every exchange. */
export const instrumentsConfigSchema = z
  .array(
    z.union([
      marketSymbol.transform((symbol): z.infer<typeof watchedInstrument> => ({
        symbol,
        marketTypes: ['spot'],
        exchanges: undefined,
      })),
      watchedInstrument,
    ]),
  )
  .min(1)
  .prefault(['BTC/USDT', 'ETH/USDT', 'SOL/USDT'])
  .describe('Markets that are watched: BASE/QUOTE, or an entry with symbol, marketTypes and exchanges.')

export type WatchedInstrumentConfig = z.infer<typeof watchedInstrument>

const unwindSchema = z
  .strictObject({
    slippageBps: realNumber(0, 5000, 20, 'How much worse than the book an order of an unwind may go, basis points.'),
    maxAttempts: wholeNumber(1, 100, 5, 'Orders that an unwind may send.'),
    timeoutMs: wholeNumber(100, 600_000, 10_000, 'Milliseconds until an unwind that is not flat halts the engine.'),
  })
  .prefault({})
  .describe('How a trade with one leg too few comes back to flat.')

const watchdogSchema = z
  .strictObject({
    enabled: flag(
      true,
      'Whether live mode starts a process of its own that cancels our orders on exchanges without a countdown when the engine falls silent.',
    ),
    timeoutMs: wholeNumber(
      500,
      600_000,
      10_000,
      "Milliseconds of silence after which the engine's orders are cancelled.",
    ),
    heartbeatFile: z
      .string()
      .min(1)
      .default('data/heartbeat.json')
      .describe('File by which the engine shows the watchdog that it lives.'),
  })
  .prefault({})
  .describe('What happens to resting orders when the engine dies.')

const rehearsalSchema = z
  .strictObject({
    enabled: flag(
      true,
      'Trades on stand-ins, which reach no exchange, no journal and no account, keep the way of an order quick while nothing is traded.',
    ),
    startMs: wholeNumber(0, 60_000, 600, 'Milliseconds that the start may spend on it, beside connecting.'),
    intervalMs: wholeNumber(5, 60_000, 50, 'Milliseconds between two of them while nothing is traded.'),
  })
  .prefault({})
  .describe('Rehearsals of a trade.')

/** How a trade is carried out once it is approved. */
export const executionConfigSchema = z
  .strictObject({
    ackTimeoutMs: wholeNumber(50, 60_000, 1500, 'Milliseconds until an order without an answer counts as unknown.'),
    fillTimeoutMs: wholeNumber(50, 600_000, 1000, 'Milliseconds that a leg may stay unfilled before it is cancelled.'),
    queryTimeoutMs: wholeNumber(
      50,
      60_000,
      5000,
      'Milliseconds that the answer to a question about an order may take.',
    ),
    reconcileIntervalMs: wholeNumber(50, 60_000, 500, 'Milliseconds between two questions about an unknown order.'),
    absentAfterMs: wholeNumber(
      0,
      600_000,
      6000,
      "Milliseconds after sending before an exchange's 'not found' proves anything.",
    ),
    unknownHaltMs: wholeNumber(
      1000,
      3_600_000,
      30_000,
      'Milliseconds after which an order that is still unknown halts the engine.',
    ),
    submitAttempts: wholeNumber(
      1,
      10,
      3,
      'Times one intent may be sent while the exchange says that nothing was done.',
    ),
    lateFillWatchMs: wholeNumber(
      0,
      86_400_000,
      600_000,
      'Milliseconds that an ended trade is watched for late fills; the newest 500 at most.',
    ),
    balanceCheckMs: wholeNumber(
      1000,
      600_000,
      5000,
      'Milliseconds between two comparisons of balances with the ledger.',
    ),
    startDifferences: z
      .enum(['halt', 'adopt'])
      .default('halt')
      .describe('Balances that differ from the ledger at start: halt the asset, or adopt them as a transfer.'),
    deadManSwitchMs: wholeNumber(
      0,
      600_000,
      30_000,
      "Countdown of the exchange's own cancel-all, where it has one; 0 leaves it alone.",
    ),
    maxConcurrentTrades: wholeNumber(1, 1000, 4, 'Trades under way at once; at most one per instrument.'),
    shutdownTimeoutMs: wholeNumber(
      100,
      60_000,
      15_000,
      'Milliseconds in which shut-down proves that no order rests; it needs a fraction, but an exchange may be busy.',
    ),
    clientOrderIdPrefix: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,8}$/, "use 1 to 8 letters, digits, '_' or '-'")
      .default(clientOrderIdPrefix)
      .describe('Begins every client order id; start-up adopts orders that carry it.'),
    unwind: unwindSchema,
    watchdog: watchdogSchema,
    rehearsal: rehearsalSchema,
  })
  .prefault({})
  .describe('How orders are sent, watched, and brought to an end.')

export type ExecutionConfig = z.infer<typeof executionConfigSchema>
