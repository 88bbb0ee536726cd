import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import { formatDuration, parseDurationMs } from './duration.js'
import type { Output } from './output.js'
import { ProgressBar } from './progress-bar.js'

function createOutput(isTerminal: boolean): Output & { readonly drawn: string[]; readonly notes: string[] } {
  const [drawn, notes]: [string[], string[]] = [[], []]
  return {
    isTerminal,
    columns: 60,
    drawn,
    notes,
    line: () => undefined,
    note: (text) => void notes.push(text),
    raw: (text) => void drawn.push(text),
  }
}

describe('a progress bar', () => {
  it('is redrawn on a terminal, not too often, within its width, and taken away at the end', async () => {
    const [output, clock] = [createOutput(true), new ManualClock()]
    const bar = new ProgressBar(output, clock, false)
    bar.update(0.25, 'a quarter '.repeat(20))
    bar.update(0.26, 'too soon')
    await clock.advance(150)
    bar.update(0.5, 'half')
    bar.update(1, 'done')
    bar.end()
    bar.end()
    expect(output.drawn).toHaveLength(4)
    expect(output.drawn[0]!.length).toBeLessThan(70)
    expect(output.drawn[1]).toContain(' 50 % half')
    expect(output.drawn.at(-1)).toBe('\r\u001b[K')
    expect(output.notes).toEqual([])
  })

  it('is a line for every tenth where nothing can be redrawn', () => {
    const output = createOutput(false)
    const bar = new ProgressBar(output, new ManualClock(), false)
    for (let done = 0; done <= 100; done++) bar.update(done / 100, 'work')
    bar.end()
    expect(output.notes).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((tenth) => `${tenth} % work`))
    expect(output.drawn).toEqual([])
  })

  it('keeps a terminal clean for output that a program reads', () => {
    const output = createOutput(true)
    new ProgressBar(output, new ManualClock(), true).update(1, 'work')
    expect(output.drawn).toEqual([])
  })
})

describe('a duration', () => {
  it('is read with its unit, and nothing else is', () => {
    expect(['250ms', '30s', '5m', '1.5h', '2d'].map(parseDurationMs)).toEqual([
      250, 30_000, 300_000, 5_400_000, 172_800_000,
    ])
    for (const wrong of ['', '5', 'm', '-1s', '0s', '5 m', '1w'])
      expect(() => parseDurationMs(wrong)).toThrow('30s, 5m or 1h')
  })

  it('is shown as a clock shows it', () => {
    expect([999, 61_000, 3_723_000].map(formatDuration)).toEqual(['0:00', '1:01', '1:02:03'])
  })
})
