import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import {
  Decimal,
  Instrument,
  JournalException,
  createAssetId,
  createExchangeId,
  parseSymbol,
  type InstrumentId,
} from '@cex-arbitrage/common'
import { z } from 'zod'

const text = z.string().min(1)
const decimal = z.string().refine((value) => Decimal.tryParse(value) !== undefined, 'is no decimal number')

const entrySchema = z.strictObject({
  /** Fencing token of the first session that it holds for. */
  sinceToken: z.number().int().nonnegative(),
  exchange: text,
  marketType: z.enum(['spot', 'futures', 'margin']),
  symbol: text,
  base: text,
  quote: text,
  exchangeSymbol: text,
  tickSize: decimal,
  lotSize: decimal,
  priceDecimals: z.number().int().nonnegative(),
  quantityDecimals: z.number().int().nonnegative(),
  contractSize: decimal,
})

type CatalogueEntry = z.infer<typeof entrySchema>

interface KnownInstrument {
  readonly sinceToken: number
  readonly instrument: Instrument
}

const fileName = 'instruments.ndjson'

/**
 * The grids and assets that the ticks and lots of a journal are counted in, beside it in its folder: a journal is to be
 * read without asking an exchange, years later, when an instrument may have another grid or be gone.
 */
export class InstrumentCatalogue {
  private constructor(private readonly byId: ReadonlyMap<string, readonly KnownInstrument[]>) {}

  /**
   * Notes what the session trades, where it differs from what is noted. To be called before the session's first intent.
   *
   * @param fencingToken - Of the session; the first catalogue of a folder holds for everything before it as well.
   */
  static async note(directory: string, fencingToken: number, instruments: readonly Instrument[]): Promise<void> {
    const known = await readEntries(directory)
    const newest = new Map(known.map((entry) => [instrumentOf(entry).id, describe(entry, 0)]))
    const sinceToken = known.length === 0 ? 0 : fencingToken
    const added = instruments
      .map((instrument) => entryOf(instrument, sinceToken))
      .filter((entry) => newest.get(instrumentOf(entry).id) !== describe(entry, 0))
    if (added.length > 0) await writeEntries(directory, [...known, ...added])
  }

  /** @throws {@link JournalException} It is damaged. */
  static async read(directory: string): Promise<InstrumentCatalogue> {
    const byId = new Map<string, KnownInstrument[]>()
    for (const entry of await readEntries(directory)) {
      const instrument = instrumentOf(entry)
      const versions = byId.get(instrument.id)
      const version = { sinceToken: entry.sinceToken, instrument }
      if (versions === undefined) byId.set(instrument.id, [version])
      else versions.push(version)
    }
    return new InstrumentCatalogue(byId)
  }

  /** @param instruments - Hold for every session. */
  static of(instruments: readonly Instrument[]): InstrumentCatalogue {
    return new InstrumentCatalogue(
      new Map(instruments.map((instrument) => [instrument.id, [{ sinceToken: 0, instrument }]])),
    )
  }

  /** The instrument as the session with this token knew it. */
  find(id: InstrumentId, fencingToken: number): Instrument | undefined {
    return this.byId.get(id)?.findLast(({ sinceToken }) => sinceToken <= fencingToken)?.instrument
  }
}

async function readEntries(directory: string): Promise<readonly CatalogueEntry[]> {
  const path = join(directory, fileName)
  let content: string
  try {
    content = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  return content.split('\n').flatMap((line) => {
    if (line === '') return []
    try {
      return [entrySchema.parse(JSON.parse(line))]
    } catch (cause) {
      const message = `${path} has a line that describes no instrument. Restore the file from a copy.`
      throw new JournalException({ cause, message })
    }
  })
}

/** Replaces the file at once, so that no reader sees half of it. */
async function writeEntries(directory: string, entries: readonly CatalogueEntry[]): Promise<void> {
  const path = join(directory, fileName)
  const file = await open(`${path}.new`, 'w')
  try {
    await file.writeFile(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
    await file.datasync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
}

const entryOf = (instrument: Instrument, sinceToken: number): CatalogueEntry => ({
  sinceToken,
  exchange: instrument.exchange,
  marketType: instrument.marketType,
  symbol: instrument.symbol,
  base: instrument.base,
  quote: instrument.quote,
  exchangeSymbol: instrument.exchangeSymbol,
  tickSize: instrument.tickSize.toString(),
  lotSize: instrument.lotSize.toString(),
  priceDecimals: instrument.priceDecimals,
  quantityDecimals: instrument.quantityDecimals,
  contractSize: instrument.contractSize.toString(),
})

const describe = (entry: CatalogueEntry, sinceToken: number): string => JSON.stringify({ ...entry, sinceToken })

/** Fees and status are not noted: fills carry the fees that were paid. */
function instrumentOf(entry: CatalogueEntry): Instrument {
  return new Instrument({
    exchange: createExchangeId(entry.exchange),
    marketType: entry.marketType,
    symbol: parseSymbol(entry.symbol).symbol,
    base: createAssetId(entry.base),
    quote: createAssetId(entry.quote),
    exchangeSymbol: entry.exchangeSymbol,
    tickSize: Decimal.parse(entry.tickSize),
    lotSize: Decimal.parse(entry.lotSize),
    priceDecimals: entry.priceDecimals,
    quantityDecimals: entry.quantityDecimals,
    contractSize: Decimal.parse(entry.contractSize),
    fees: { maker: Decimal.zero, taker: Decimal.zero, assetRule: 'quote' },
    status: 'halted',
  })
}
