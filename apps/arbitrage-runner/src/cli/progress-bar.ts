import type { Clock } from '@cex-arbitrage/common'
import type { Output } from './output.js'

const barWidth = 28
const redrawUs = 100_000
/** Lines in all where nothing can be redrawn. */
const noteCount = 10
const eraseLine = '\r\u001b[K'

/** How far long work has come: redrawn on a terminal, else a line for every tenth. */
export class ProgressBar {
  private drawnAtUs = Number.NEGATIVE_INFINITY
  private noted = 0
  private isDrawn = false

  /** @param isQuiet - Draws nothing, for output that a program reads. */
  constructor(
    private readonly output: Output,
    private readonly clock: Clock,
    private readonly isQuiet: boolean,
  ) {}

  /** @param share - 0 to 1. @param text - What there is to say beside it. */
  update(share: number, text: string): void {
    const done = Math.min(1, Math.max(0, share))
    if (this.output.isTerminal && !this.isQuiet) this.redraw(done, text)
    else this.note(done, text)
  }

  /** Takes the bar away. */
  end(): void {
    if (this.isDrawn) this.output.raw(eraseLine)
    this.isDrawn = false
  }

  private note(share: number, text: string): void {
    const reached = Math.floor(share * noteCount + 1e-9)
    if (reached <= this.noted) return
    this.noted = reached
    this.output.note(`${Math.round(share * 100)} % ${text}`)
  }

  private redraw(share: number, text: string): void {
    const nowUs = this.clock.nowUs()
    if (nowUs - this.drawnAtUs < redrawUs && share < 1) return
    this.drawnAtUs = nowUs
    const filled = Math.round(share * barWidth)
    const line = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${String(Math.round(share * 100)).padStart(3)} % ${text}`
    this.output.raw(`${eraseLine}${line.slice(0, this.output.columns - 1)}`)
    this.isDrawn = true
  }
}
