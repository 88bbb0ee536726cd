import { ConfigurationException, msPerDay } from '@cex-arbitrage/common'
import { InvalidArgumentError } from 'commander'
import { describe, expect, it } from 'vitest'
import { choosePeriod, parseDay, parseMoment } from './period.js'

const day = Date.UTC(2026, 10, 24)
const nowMs = day + 13 * 3_600_000

describe('a time on the command line', () => {
  it('is a day of UTC, by its date or by today and yesterday', () => {
    expect([parseDay('2026-11-24', nowMs), parseDay('today', nowMs)]).toEqual([day, day])
    expect(parseDay('yesterday', nowMs)).toBe(day - msPerDay)
    expect(() => parseDay('24.11.2026', nowMs)).toThrow(InvalidArgumentError)
    expect(() => parseDay('2026-13-01', nowMs)).toThrow(InvalidArgumentError)
  })

  it('is a moment of UTC unless it names a zone', () => {
    expect(parseMoment('2026-11-24')).toBe(day)
    expect(parseMoment('2026-11-24T08:30')).toBe(day + 8.5 * 3_600_000)
    expect(parseMoment('2026-11-24 08:30:15Z')).toBe(day + 8.5 * 3_600_000 + 15_000)
    expect(parseMoment('2026-11-24T08:30+02:00')).toBe(day + 6.5 * 3_600_000)
    expect(() => parseMoment('noon')).toThrow(InvalidArgumentError)
  })
})

describe('the chosen period', () => {
  it('is a whole day, or from one moment to another or to now', () => {
    expect(choosePeriod({ day }, nowMs)).toEqual({ name: '2026-11-24', fromMs: day, toMs: day + msPerDay })
    expect(choosePeriod({ from: day }, nowMs)).toEqual({
      name: '2026-11-24 to 2026-11-24 13:00',
      fromMs: day,
      toMs: nowMs,
    })
    expect(choosePeriod({ from: day - msPerDay, to: day }, nowMs)?.name).toBe('2026-11-23 to 2026-11-24')
    expect(choosePeriod({}, nowMs)).toBeUndefined()
  })

  it('refuses what contradicts itself', () => {
    for (const options of [{ day, from: day }, { to: day }, { from: day, to: day }])
      expect(() => choosePeriod(options, nowMs)).toThrow(ConfigurationException)
  })
})
