import { ManualClock, waitFor } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import { createRecordingLogger, type LogRecord } from '../testing/recording.js'
import {
  createHummingbotEvent,
  HummingbotEventEngine,
  isSameHummingbotEvent,
  type HummingbotEvent,
  type HummingbotEventListener,
} from './event-engine.js'

const event = (n: number) => createHummingbotEvent('INFO', { n }, 'test', 1)

function setUp() {
  const clock = new ManualClock()
  const records: LogRecord[] = []
  const engine = new HummingbotEventEngine({ clock, logger: createRecordingLogger(records) })
  const seen: unknown[] = []
  const listener: HummingbotEventListener = {
    name: 'recorder',
    eventTypes: new Set(['INFO']),
    handleEvent: ({ data }) => void seen.push(data['n']),
  }
  return { clock, engine, records, seen, listener }
}

describe('the event engine', () => {
  it('keeps what is put before start, delivers in order, and each listener once', async () => {
    const { engine, seen, listener } = setUp()
    engine.register(listener)
    engine.register(listener)
    for (let n = 0; n < 3_000; n++) engine.put(event(n))
    expect([engine.size, seen.length]).toEqual([3_000, 0])
    engine.start()
    engine.start()
    await waitFor(() => seen.length === 3_000, 'all events')
    expect(seen).toEqual(Array.from({ length: 3_000 }, (_, n) => n))
    engine.unregister(listener)
    engine.put(event(1))
    await waitFor(() => engine.size === 0, 'the last one')
    expect(seen).toHaveLength(3_000)
  })

  it('delivers only the types that a listener wants', async () => {
    const { engine, seen, listener } = setUp()
    engine.register(listener)
    engine.register({ name: 'silent', eventTypes: new Set(['INFO']) })
    engine.start()
    engine.put(createHummingbotEvent('ERROR', { n: 0 }, undefined, 1))
    engine.put(event(1))
    await waitFor(() => seen.length === 1, 'the event')
    expect(seen).toEqual([1])
  })

  it('reports a listener that fails and goes on', async () => {
    const { engine, seen, listener, records } = setUp()
    engine.register({
      name: 'throws',
      eventTypes: new Set(['INFO']),
      handleEvent: () => Promise.reject(new Error('x')),
    })
    engine.register(listener)
    engine.start()
    engine.put(event(1))
    await waitFor(() => seen.length === 1, 'the event')
    expect(records).toMatchObject([{ level: 'error', fields: { listener: 'throws' } }])
  })

  it('appends what a listener puts, and takes the listeners of the moment', async () => {
    const { engine, seen, listener } = setUp()
    const putter: HummingbotEventListener = {
      name: 'putter',
      eventTypes: new Set(['INFO']),
      handleEvent: ({ data }) => {
        if (data['n'] !== 0) return
        engine.put(event(2))
        engine.register(listener)
        seen.push('put')
      },
    }
    engine.register(putter)
    engine.start()
    engine.put(event(0))
    engine.put(event(1))
    await waitFor(() => seen.length === 3, 'the events')
    expect(seen).toEqual(['put', 1, 2])
  })

  it('stops without draining and waits for a listener at most one second', async () => {
    const { engine, clock, seen, listener } = setUp()
    let isReached = false
    engine.register({
      name: 'slow',
      eventTypes: new Set(['INFO']),
      handleEvent: () => {
        isReached = true
        return new Promise(() => undefined)
      },
    })
    engine.register(listener)
    engine.start()
    engine.put(event(1))
    engine.put(event(2))
    await waitFor(() => isReached, 'the slow listener')
    const stopped = engine.stop()
    await clock.advance(1_000)
    await stopped
    expect([engine.isRunning, engine.size, seen.length]).toEqual([false, 1, 0])
  })

  it('freezes events and compares them by type and data', () => {
    const source = { n: 1, list: [1, { a: 2 }] }
    const made: HummingbotEvent = createHummingbotEvent('INFO', source, 'a', 1)
    source.n = 2
    expect(made.data['n']).toBe(1)
    expect(Object.isFrozen(made) && Object.isFrozen(made.data)).toBe(true)
    const same = (data: object) =>
      isSameHummingbotEvent(made, createHummingbotEvent('INFO', data as Record<string, unknown>, 'b', 9))
    expect([same({ n: 1, list: [1, { a: 2 }] }), same({ n: 1, list: [1, { a: 3 }] }), same({ n: 1 })]).toEqual([
      true,
      false,
      false,
    ])
    expect(same({ n: 1, list: { 0: 1 } })).toBe(false)
    expect(isSameHummingbotEvent(made, createHummingbotEvent('ERROR', made.data, 'a', 1))).toBe(false)
  })
})
