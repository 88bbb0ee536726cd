import { describe, expect, it } from 'vitest'
import { createModel } from '../testing/sample-model.js'
import { LiveFeed, type FeedSocket } from './live-feed.js'
import { LiveStore } from './live-store.js'

class FakeSocket implements FeedSocket {
  onmessage: FeedSocket['onmessage'] = null
  onclose: FeedSocket['onclose'] = null
  closed = false

  constructor(readonly protocols: readonly string[]) {}

  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) } as MessageEvent)
  }

  lose(): void {
    this.onclose?.({} as CloseEvent)
  }

  close(): void {
    this.closed = true
    this.lose()
  }
}

function createFeed(token?: string) {
  const sockets: FakeSocket[] = []
  const timers = new Map<number, { readonly callback: () => void; readonly delayMs: number }>()
  let number = 0
  const store = new LiveStore(
    (callback) => callback(),
    () => 0,
  )
  const feed = new LiveFeed({
    url: 'ws://engine/live',
    store,
    token: () => token,
    createSocket: (_url, protocols) => {
      sockets.push(new FakeSocket(protocols))
      return sockets.at(-1)!
    },
    setTimer: (callback, delayMs) => {
      timers.set(++number, { callback, delayMs })
      return number
    },
    clearTimer: (timer) => void timers.delete(timer ?? 0),
  })
  feed.open()
  const pending = (): number[] => [...timers.values()].map(({ delayMs }) => delayMs)
  const elapse = (): void => {
    const [id, { callback }] = [...timers][0]!
    timers.delete(id)
    callback()
  }
  return { feed, store, sockets, pending, elapse }
}

const hello = { type: 'hello', atMs: 0, model: createModel(), equity: [] }

describe('LiveFeed', () => {
  it('hands messages to the store', () => {
    const { store, sockets } = createFeed()
    sockets[0]!.say(hello)
    expect([store.state.connection, sockets[0]!.protocols]).toEqual(['live', ['live']])
  })

  it('shows the token where there is one', () => {
    expect(createFeed('abc').sockets[0]!.protocols).toEqual(['live', 'bearer.YWJj'])
  })

  it('tries again after a loss, ever more slowly, and quickly again once it was there', () => {
    const { store, sockets, pending, elapse } = createFeed()
    const waits: number[] = []
    for (let i = 0; i < 6; i++) {
      sockets.at(-1)!.lose()
      waits.push(...pending())
      elapse()
    }
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 4_000])
    expect(store.state.connection).toBe('lost')
    sockets.at(-1)!.say(hello)
    expect(store.state.connection).toBe('live')
    sockets.at(-1)!.lose()
    expect(pending()).toEqual([250])
  })

  it('gives up a socket that has fallen silent, and hears no more of it', () => {
    const { store, sockets, pending, elapse } = createFeed()
    sockets[0]!.say(hello)
    expect(pending()).toEqual([5_000])
    elapse()
    expect([store.state.connection, sockets[0]!.closed]).toEqual(['lost', true])
    sockets[0]!.say(hello)
    sockets[0]!.lose()
    expect([store.state.connection, pending()]).toEqual(['lost', [250]])
  })

  it('ends for good when it is closed', () => {
    const { feed, sockets, pending } = createFeed()
    feed.close()
    expect([sockets[0]!.closed, pending(), sockets.length]).toEqual([true, [], 1])
  })
})
