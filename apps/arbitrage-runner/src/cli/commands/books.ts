import { createExchangeId, type BookSide, type MarketType } from '@cex-arbitrage/common'
import type { ReplayedBook } from '@cex-arbitrage/exchanges'
import { Option, type Command } from 'commander'
import { feedCapture } from '../../captures/feed-capture.js'
import { createFactoryManager } from '../../composition/built-in-exchanges.js'
import { createOfflineContext } from '../../composition/offline-context.js'
import type { CommandContext } from '../command-context.js'

const shownLevels = 10

interface BooksOptions {
  readonly exchange: string
  readonly market: MarketType
  readonly capture: string
}

export function addBooksCommand(program: Command, context: CommandContext): void {
  program
    .command('books')
    .description(
      'Runs recorded traffic through the production decoder and book synchronisation; one JSON line per symbol.',
    )
    .requiredOption('--exchange <name>', 'exchange whose traffic was recorded')
    .addOption(new Option('--market <type>', 'kind of market').choices(['spot', 'futures', 'margin']).default('spot'))
    .requiredOption('--capture <file>', 'newline-delimited JSON of {"ts","kind","url","dir","body"}')
    .addHelpText('after', '\nExample:\n  arb books --exchange gateio --market spot --capture traffic.ndjson')
    .action(async (options: BooksOptions) => {
      const replay = createFactoryManager(() => createOfflineContext(context)).createCaptureReplay(
        createExchangeId(options.exchange),
        options.market,
      )
      const unreadable = await feedCapture(replay, options.capture)
      for (const book of replay.books()) context.output.line(JSON.stringify(describeBook(book)))
      for (const line of unreadable)
        context.output.note(`${options.capture}:${line} is no capture record and was left out.`)
    })
}

function describeBook({ book, applied, dropped, gaps }: ReplayedBook): Readonly<Record<string, unknown>> {
  return {
    symbol: book.instrument.symbol,
    exchangeSymbol: book.instrument.exchangeSymbol,
    bids: levels(book.bids, book.instrument),
    asks: levels(book.asks, book.instrument),
    sequence: book.sequence,
    applied,
    dropped,
    gaps,
    trusted: book.trust === 'trusted',
  }
}

function levels(side: BookSide, instrument: ReplayedBook['book']['instrument']): [string, string][] {
  return Array.from({ length: Math.min(side.depth, shownLevels) }, (_, rank) => [
    instrument.ticksToPrice(side.priceTicksAt(rank)).toString(),
    instrument.lotsToQuantity(side.quantityLotsAt(rank)).toString(),
  ])
}
