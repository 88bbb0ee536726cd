import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import type { LiveMessage, LiveModel } from '../live/live-model.js'
import { sampleModel } from '../testing/sample-model.js'
import { LiveBroadcast, type LiveSocket } from './live-broadcast.js'

class RecordingSocket implements LiveSocket {
  bufferedAmount = 0
  readonly messages: LiveMessage[] = []
  send(text: string): void {
    this.messages.push(JSON.parse(text) as LiveMessage)
  }
}

function createBroadcast() {
  const clock = new ManualClock()
  const state: { model: LiveModel | undefined; asked: number } = { model: sampleModel, asked: 0 }
  const broadcast = new LiveBroadcast({
    model: () => {
      state.asked++
      return state.model
    },
    equitySeries: () => [sampleModel.equity!],
    clock,
  })
  return { clock, state, broadcast, socket: new RecordingSocket() }
}

describe('LiveBroadcast', () => {
  it('tells a new client everything, and then only what changed', async () => {
    const { clock, state, broadcast, socket } = createBroadcast()
    broadcast.add(socket)
    expect(socket.messages).toEqual([
      {
        type: 'hello',
        atMs: clock.nowMs(),
        model: JSON.parse(JSON.stringify(sampleModel)),
        equity: [sampleModel.equity],
      },
    ])
    await clock.advance(500)
    expect(socket.messages).toHaveLength(1)
    state.model = { ...sampleModel, uptimeMs: 2_000, edges: [] }
    await clock.advance(100)
    expect(socket.messages.slice(1)).toEqual([{ type: 'update', atMs: expect.any(Number), model: { edges: [] } }])
    broadcast.close()
  })

  it('says something once a second although nothing changes, so that a client can tell that it is there', async () => {
    const { clock, broadcast, socket } = createBroadcast()
    broadcast.add(socket)
    await clock.advance(3_000)
    expect(socket.messages.slice(1)).toEqual(Array.from({ length: 3 }, () => expect.objectContaining({ model: {} })))
    broadcast.close()
  })

  it('tells the second client everything too, while the first hears only of changes', async () => {
    const { clock, state, broadcast, socket } = createBroadcast()
    broadcast.add(socket)
    await clock.advance(100)
    const second = new RecordingSocket()
    broadcast.add(second)
    state.model = { ...sampleModel, edges: [] }
    await clock.advance(60)
    expect(second.messages).toMatchObject([{ type: 'hello' }, { type: 'update', model: { edges: [] } }])
    expect(socket.messages[1]).toMatchObject({ type: 'update', model: { edges: [] } })
    broadcast.close()
  })

  it('drops what a slow client cannot take, and tells it everything when it has caught up', async () => {
    const { clock, state, broadcast, socket } = createBroadcast()
    broadcast.add(socket)
    socket.bufferedAmount = 2_000_000
    state.model = { ...sampleModel, edges: [] }
    await clock.advance(500)
    expect(socket.messages).toHaveLength(1)
    socket.bufferedAmount = 0
    await clock.advance(60)
    expect(socket.messages[1]).toMatchObject({ type: 'hello', model: { edges: [] } })
    broadcast.close()
  })

  it('waits for an engine that starts, and costs nothing once nobody watches', async () => {
    const { clock, state, broadcast, socket } = createBroadcast()
    state.model = undefined
    broadcast.add(socket)
    await clock.advance(200)
    expect(socket.messages).toEqual([])
    state.model = sampleModel
    await clock.advance(60)
    expect(socket.messages).toMatchObject([{ type: 'hello' }])
    broadcast.remove(socket)
    const { asked } = state
    await clock.advance(1_000)
    expect([state.asked, clock.pendingTimers, broadcast.clientCount]).toEqual([asked, 0, 0])
  })
})
