import { ConfigurationException, Decimal, toCexArbitrageException } from '@cex-arbitrage/common'
import { readQuoteCapture, scanCaptures, type CaptureSource, type ScanReport } from '@cex-arbitrage/trading'
import { InvalidArgumentError, type Command } from 'commander'
import type { CommandContext } from '../command-context.js'

interface ScanOptions {
  readonly capture: readonly CaptureSource[]
  readonly feeBps: Decimal
  readonly json: boolean
}

export function addScanCommand(program: Command, context: CommandContext): void {
  program
    .command('scan')
    .description(
      'Compares recorded best quotes of exchanges: how often, how much and when a difference survived the fees.',
    )
    .requiredOption(
      '--capture <name=file>',
      'such as mexc:spot:LUNC/USDT=quotes.csv.gz; at least twice',
      collectCapture,
      [],
    )
    .option('--fee-bps <number>', 'fee of each side, basis points', parseFee, Decimal.zero)
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      `
A capture is CSV with the header timestamp_ms,bid_price,bid_qty,ask_price,ask_qty, gzipped when it ends in .gz.

Example:
  arb scan --capture mexc:spot:LUNC/USDT=a.csv.gz --capture gateio:futures:LUNC/USDT=b.csv.gz --fee-bps 5 --json`,
    )
    .action(async ({ capture, feeBps, json }: ScanOptions) => {
      if (capture.length < 2)
        throw new ConfigurationException({ message: 'A scan compares at least two captures. Give --capture twice.' })
      const report = await scanCaptures(capture, feeBps).catch((error: unknown) => {
        throw isMissingFile(error)
          ? new ConfigurationException({ message: `${error.message}. Check the path.`, cause: error })
          : toCexArbitrageException(error, { doing: 'scanning captures' })
      })
      if (json) context.output.line(JSON.stringify(report))
      else for (const line of describe(report)) context.output.line(line)
    })
}

function collectCapture(text: string, before: readonly CaptureSource[]): readonly CaptureSource[] {
  const at = text.indexOf('=')
  if (at <= 0 || at === text.length - 1) throw new InvalidArgumentError('Write name=file.')
  return [...before, { name: text.slice(0, at), quotes: readQuoteCapture(text.slice(at + 1)) }]
}

function parseFee(text: string): Decimal {
  const fee = Decimal.tryParse(text)
  if (fee === undefined) throw new InvalidArgumentError('Write a decimal number of basis points.')
  return fee
}

const isMissingFile = (error: unknown): error is Error => error instanceof Error && 'code' in error && 'path' in error

function describe(report: ScanReport): string[] {
  const time = (ms: number | null): string => (ms === null ? 'never' : new Date(ms).toISOString())
  return [
    `${report.rows} rows`,
    ...report.directions.map(
      (row) =>
        `buy ${row.buy}, sell ${row.sell}: gross positive ${row.rowsGrossPositive}, net positive ${row.rowsNetPositive}, ` +
        `best net ${row.bestNetBps ?? '–'} bps, median gross ${row.medianGrossBps ?? '–'} bps, ` +
        `net positive from ${time(row.firstPositiveMs)} to ${time(row.lastPositiveMs)}`,
    ),
  ]
}
