import { stripVTControlCharacters } from 'node:util'
import type { Clock, Timer } from '@cex-arbitrage/common'
import type { Output } from '../cli/output.js'
import { signed } from './format-amount.js'
import { formatStatus, formatTrade, palette, type Palette } from './format-status.js'
import type { StatusSnapshot, TradeStatus } from './status-snapshot.js'

const redrawEveryMs = 250
const plainEveryMs = 10_000
const cursorUp = (lines: number): string => `\u001B[${lines}A`
const clearToEnd = '\u001B[J'
const hideCursor = '\u001B[?25l'
const showCursor = '\u001B[?25h'

/**
 * Shows the engine at work: a block redrawn in place on a terminal; elsewhere one line per trade and a summary line
 * from time to time.
 */
export class StatusDisplay {
  private timer: Timer | undefined
  private drawnLines = 0
  private readonly colour: Palette

  constructor(
    private readonly output: Output,
    private readonly clock: Clock,
    private readonly snapshot: () => StatusSnapshot,
  ) {
    this.colour = palette(output.isTerminal)
  }

  start(): void {
    if (this.output.isTerminal) this.output.raw(hideCursor)
    this.tick()
  }

  /** A finished trade; on a terminal the block shows it, elsewhere it gets its line. */
  onTrade(trade: TradeStatus): void {
    if (!this.output.isTerminal) this.output.line(formatTrade(trade, this.colour))
  }

  /** Lines that stay, whatever is redrawn below them. */
  notice(lines: readonly string[]): void {
    const redraw = this.drawnLines > 0
    this.erase()
    for (const line of lines) this.output.line(line)
    if (redraw) this.draw()
  }

  stop(): void {
    this.timer?.cancel()
    this.timer = undefined
    if (!this.output.isTerminal) return
    this.draw()
    this.drawnLines = 0
    this.output.raw(showCursor)
  }

  private tick(): void {
    if (this.output.isTerminal) this.draw()
    else if (this.timer !== undefined) this.output.line(summary(this.snapshot()))
    this.timer = this.clock.setTimer(() => this.tick(), this.output.isTerminal ? redrawEveryMs : plainEveryMs)
  }

  private draw(): void {
    const lines = formatStatus(this.snapshot(), this.colour).map((line) => clip(line, this.output.columns))
    this.erase()
    this.output.raw(`${lines.join('\n')}\n`)
    this.drawnLines = lines.length
  }

  private erase(): void {
    if (this.drawnLines > 0) this.output.raw(cursorUp(this.drawnLines) + clearToEnd)
    this.drawnLines = 0
  }
}

function summary(status: StatusSnapshot): string {
  const exchanges = status.exchanges.map(
    (row) =>
      `${row.exchange} ${row.marketDataConnected ? 'connected' : 'down'} ${row.booksTrusted}/${row.booksTotal} books`,
  )
  const trades = Object.entries(status.trades.byEnd).map(([end, times]) => `${times} ${end}`)
  const profit = status.trades.profit.map((row) => `realised ${signed(row.realised)} ${row.asset}`)
  return [status.state, ...exchanges, `trades ${trades.join(', ') || 'none'}`, ...profit].join(' | ')
}

/** Cuts a line to the width of the terminal, so that redrawing stays in step; a line that is cut loses its colours. */
function clip(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line)
  return plain.length < columns ? line : plain.slice(0, columns - 1)
}
