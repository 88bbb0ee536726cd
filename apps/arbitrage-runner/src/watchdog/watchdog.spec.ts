import { silentLogger } from '@cex-arbitrage/common'
import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'
import type { Heartbeat } from './heartbeat-file.js'
import { Watchdog, type WatchEnd } from './watchdog.js'

const timeoutMs = 1_000

/** A watchdog on a clock that moves when told, over an engine that is whatever a spec says. */
class World {
  readonly clock = new ManualClock()
  readonly stopping = new AbortController()
  beat: Heartbeat | undefined = { fencingToken: 7, pid: 1, sequence: 1, state: 'alive' }
  running = true
  /** Orders that rest, and rounds in which they were looked for. */
  resting = 2
  rounds = 0
  /** Called before every cancel. */
  onCancel: () => void = () => undefined
  end: WatchEnd | undefined

  start(fencingToken: number | undefined = 7): void {
    const watchdog = new Watchdog({
      timeoutMs,
      fencingToken,
      readBeat: () => Promise.resolve(this.beat),
      cancelOrders: async (isSilent) => {
        this.rounds++
        const clean = this.resting === 0
        while (this.resting > 0) {
          this.onCancel()
          if (!(await isSilent())) return false
          this.resting--
        }
        return clean
      },
      isRunning: () => this.running,
      clock: this.clock,
      log: silentLogger,
    })
    void watchdog.run(this.stopping.signal).then((end) => (this.end = end))
  }

  /** The engine beats as an engine does, for so long. */
  async live(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 200) {
      this.beat = { ...this.beat!, sequence: this.beat!.sequence + 1 }
      await this.clock.advance(200)
    }
  }
}

describe('a watchdog', () => {
  it('touches nothing while the engine beats, and ends with it', async () => {
    const world = new World()
    world.start()
    await world.live(20_000)
    expect(world.rounds).toBe(0)
    world.beat = { ...world.beat!, sequence: 1_000, state: 'stopped' }
    await world.clock.advance(300)
    expect(world.end).toBe('stopped')
  })

  it('cancels everything of an engine that died, and looks again for what arrives late', async () => {
    const world = new World()
    world.start()
    await world.live(2_000)
    world.running = false
    await world.clock.advance(timeoutMs + 200)
    expect(world.resting).toBe(0)
    world.resting = 1
    await world.clock.advance(10_000)
    expect(world.resting).toBe(0)
    expect(world.end).toBe('cancelled')
  })

  it('stops cancelling at the first beat of an engine that had only been slow, and watches on', async () => {
    const world = new World()
    world.start()
    await world.live(1_000)
    world.onCancel = () => (world.beat = { ...world.beat!, sequence: world.beat!.sequence + 1 })
    await world.clock.advance(timeoutMs + 200)
    expect(world.resting).toBe(2)
    expect(world.end).toBeUndefined()
    world.onCancel = () => undefined
    await world.clock.advance(timeoutMs + 200)
    expect(world.resting).toBe(0)
  })

  it('keeps cancelling for an engine that hangs without dying', async () => {
    const world = new World()
    world.start()
    await world.clock.advance(20_000)
    expect(world.resting).toBe(0)
    expect(world.end).toBeUndefined()
    world.resting = 1
    await world.clock.advance(5_000)
    expect(world.resting).toBe(0)
  })

  it('leaves the orders of a newer engine alone', async () => {
    const world = new World()
    world.start()
    await world.live(1_000)
    world.beat = { fencingToken: 8, pid: 2, sequence: 1, state: 'alive' }
    await world.clock.advance(300)
    expect(world.end).toBe('superseded')
    expect(world.rounds).toBe(0)
  })

  it('does not take the beats of an older engine for those of its own', async () => {
    const world = new World()
    world.beat = { fencingToken: 6, pid: 3, sequence: 1, state: 'alive' }
    world.start()
    await world.live(timeoutMs + 400)
    expect(world.rounds).toBeGreaterThan(0)
  })

  it('follows the first engine that it sees when it was started by hand, and ends when asked', async () => {
    const world = new World()
    world.start(undefined)
    await world.live(3_000)
    world.stopping.abort()
    await world.clock.advance(300)
    expect(world.end).toBe('ended')
    expect(world.rounds).toBe(0)
  })
})
