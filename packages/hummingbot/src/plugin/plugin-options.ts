import {
  ConfigurationException,
  createAssetId,
  createSymbol,
  Decimal,
  Instrument,
  parseSymbol,
} from '@cex-arbitrage/common'
import type { ExchangeId, FeeSchedule } from '@cex-arbitrage/common'
import { z } from 'zod'

const decimal = z.union([z.string(), z.number()]).transform((value, context) => {
  const parsed = Decimal.tryParse(String(value))
  if (parsed !== undefined && parsed.sign >= 0) return parsed
  context.addIssue({ code: 'custom', message: 'must be a decimal that is not negative' })
  return z.NEVER
})
const positive = decimal.refine((value) => value.sign > 0, 'must be positive')

/** The protocol tells nothing of grids and fees, so they are configured. */
const instrumentSchema = z.strictObject({
  /** `ETH/USDT`. */
  symbol: z.string(),
  /** As the venue behind Hummingbot spells it; `ETH-USDT` by default. */
  market: z.string().optional(),
  tickSize: positive,
  lotSize: positive,
  minQuantity: positive.optional(),
  minNotional: positive.optional(),
  makerFee: decimal.default(Decimal.parse('0.001')),
  takerFee: decimal.default(Decimal.parse('0.001')),
  feeAssetRule: z.enum(['received', 'quote']).default('received'),
})

/** The app hands over the whole section of the exchange; what is not listed here is of no concern. */
export const hummingbotPluginOptionsSchema = z.object({
  /** The venue behind Hummingbot, in its words: `binance`. */
  venue: z.string().min(1),
  instruments: z.array(instrumentSchema).min(1),
  /** Milliseconds that an order of immediate kind may rest before what is left of it is cancelled. */
  immediateMs: z.number().int().min(0).max(60_000).default(500),
  /** Milliseconds that the trades of an ended order have to arrive before what they leave open is made up. */
  fillGraceMs: z.number().int().min(0).max(60_000).default(1_500),
  requestTimeoutMs: z.number().int().min(100).max(60_000).optional(),
  maxInFlight: z.number().int().min(1).max(1_000).optional(),
  framesPerSecond: z.number().int().min(1).max(10_000).optional(),
})

/** Settings of Hummingbot as an exchange, from `options` of its section. */
export type HummingbotPluginOptions = z.infer<typeof hummingbotPluginOptionsSchema>

/** @throws {@link ConfigurationException} naming every problem. */
export function readPluginOptions(options: unknown): HummingbotPluginOptions {
  const result = hummingbotPluginOptionsSchema.safeParse(options ?? {})
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => ({
    path: ['options', ...issue.path.map(String)].join('.'),
    message: issue.message,
  }))
  throw new ConfigurationException({
    message: `The options of Hummingbot are wrong: ${problems.map(({ path, message }) => `${path}: ${message}`).join('; ')}`,
    problems,
  })
}

/** @throws {@link ConfigurationException} A symbol is none. */
export function createInstruments(options: HummingbotPluginOptions, exchange: ExchangeId): Instrument[] {
  return options.instruments.map((each) => {
    const { base, quote } = readSymbol(each.symbol)
    return new Instrument({
      exchange,
      marketType: 'spot',
      symbol: createSymbol(base, quote),
      base: createAssetId(base),
      quote: createAssetId(quote),
      exchangeSymbol: each.market ?? `${base}-${quote}`,
      tickSize: each.tickSize,
      lotSize: each.lotSize,
      ...(each.minQuantity !== undefined && { minQuantity: each.minQuantity }),
      ...(each.minNotional !== undefined && { minNotional: each.minNotional }),
      fees: createFees(each),
      status: 'trading',
    })
  })
}

const createFees = (of: HummingbotPluginOptions['instruments'][number]): FeeSchedule => ({
  maker: of.makerFee,
  taker: of.takerFee,
  assetRule: of.feeAssetRule,
})

function readSymbol(text: string): ReturnType<typeof parseSymbol> {
  try {
    return parseSymbol(text)
  } catch (cause) {
    throw new ConfigurationException({ message: (cause as Error).message, cause })
  }
}
