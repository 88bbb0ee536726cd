import { describe, expect, it } from 'vitest'
import { StreamLiveness } from './stream-liveness.js'

describe('StreamLiveness', () => {
  it('is connected while every connection stands', () => {
    const streams = new StreamLiveness()
    expect(streams.connected).toBe(false)
    streams.add('a')
    streams.add('b')
    expect(streams.onEpochStart('a', 1)).toBe(false)
    expect(streams.connected).toBe(false)
    streams.onEpochStart('b', 1)
    expect(streams.connected).toBe(true)
    expect(streams.onEpochEnd('b', 1)).toBe(true)
    expect(streams.connected).toBe(false)
    streams.remove('b')
    expect(streams.connected).toBe(true)
    streams.close()
    expect(streams.connected).toBe(false)
  })

  it('tells a rotation from a loss', () => {
    const streams = new StreamLiveness()
    streams.add('a')
    streams.onEpochStart('a', 1)
    expect(streams.onEpochStart('a', 2)).toBe(true)
    expect(streams.onEpochEnd('a', 1)).toBe(false)
    expect(streams.stands('a', 2)).toBe(true)
    expect(streams.stands('a', 1)).toBe(false)
    expect(streams.reconnects).toBe(0)
    streams.onEpochEnd('a', 2)
    expect(streams.stands('a', 2)).toBe(false)
    expect(streams.onEpochStart('a', 3)).toBe(false)
    expect(streams).toMatchObject({ reconnects: 1, epochs: 3 })
  })
})
