import { describe, expect, it } from 'vitest'
import { createModel, createPoint, createTrade } from '../testing/sample-model.js'
import { LiveStore } from './live-store.js'

function createStore() {
  const frames: (() => void)[] = []
  const store = new LiveStore(
    (callback) => frames.push(callback),
    () => 1_000,
  )
  let told = 0
  store.subscribe(() => told++)
  return { store, frames, draw: () => frames.splice(0).forEach((frame) => frame()), told: () => told }
}

const hello = (model = createModel(), atMs = 1_000) => ({ type: 'hello', atMs, model, equity: [] }) as const
const update = (model: object, atMs = 1_000) => ({ type: 'update', atMs, model }) as const
const ids = (store: LiveStore): string[] => store.state.trades.map(({ correlationId }) => correlationId)

describe('LiveStore', () => {
  it('tells once per frame what hundreds of messages came to', () => {
    const { store, frames, draw, told } = createStore()
    store.receive(hello())
    for (let bps = 1; bps <= 500; bps++)
      store.receive(update({ edges: [{ symbol: 'BTC/USDT', buyAt: 'a', sellAt: 'b', netEdgeBps: bps }] }))
    expect([frames.length, told(), store.state.model]).toEqual([1, 0, undefined])
    draw()
    expect([told(), store.state.model?.edges[0]?.netEdgeBps, store.state.connection]).toEqual([1, 500, 'live'])
    store.receive(update({}))
    expect(frames).toHaveLength(1)
  })

  it('leaves a section that did not change the same object, so that nothing is drawn anew for it', () => {
    const { store, draw } = createStore()
    store.receive(hello())
    draw()
    const { books } = store.state.model!
    store.receive(update({ edges: [] }))
    draw()
    expect(store.state.model!.books).toBe(books)
  })

  it('keeps more trades than the engine tells, the newest first, a late change in the place of the earlier', () => {
    const { store, draw } = createStore()
    store.receive(hello(createModel({ recentTrades: [createTrade('a', 1)] })))
    store.receive(update({ recentTrades: [createTrade('b', 2)] }))
    store.receive(update({ recentTrades: [createTrade('c', 3), createTrade('a', 1, '-5')] }))
    draw()
    expect(ids(store)).toEqual(['c', 'b', 'a'])
    expect(store.state.trades[2]!.realisedProfit).toBe('-5')
    for (let n = 0; n < 300; n++) store.receive(update({ recentTrades: [createTrade(`n${n}`, 10 + n)] }))
    draw()
    expect([store.state.trades.length, ids(store)[0]]).toEqual([200, 'n299'])
  })

  it('keeps its trades over a reconnect, and forgets them when the engine was started anew', () => {
    const { store, draw } = createStore()
    store.receive(hello(createModel({ recentTrades: [createTrade('a', 1)] })))
    store.receive(hello(createModel({ recentTrades: [createTrade('b', 2)] })))
    draw()
    expect(ids(store)).toEqual(['b', 'a'])
    store.receive(hello(createModel({ startedAtMs: 5, recentTrades: [] })))
    draw()
    expect(ids(store)).toEqual([])
  })

  it('appends each point of the equity once', () => {
    const { store, draw } = createStore()
    store.receive(hello())
    for (const atMs of [1, 2, 2, 3]) store.receive(update({ equity: createPoint(atMs) }))
    draw()
    expect(store.state.equity.map(({ atMs }) => atMs)).toEqual([1, 2, 3])
  })

  it('understands no update before the hello, and says how far the clock of the engine is ahead', () => {
    const { store, draw } = createStore()
    store.receive(update({ edges: [] }))
    expect(store.state.model).toBeUndefined()
    store.receive(hello(createModel(), 4_000))
    draw()
    expect(store.state.clockAheadMs).toBe(3_000)
  })

  it('tells a change of the connection, and nobody who has left', () => {
    const { store, frames, draw } = createStore()
    let told = 0
    const leave = store.subscribe(() => told++)
    store.setConnection('connecting')
    expect(frames).toHaveLength(0)
    store.setConnection('lost')
    draw()
    expect([store.state.connection, told]).toEqual(['lost', 1])
    leave()
    store.setConnection('live')
    draw()
    expect(told).toBe(1)
  })
})
