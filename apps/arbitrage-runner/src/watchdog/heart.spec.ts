import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '@cex-arbitrage/common'
import { ManualClock, waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Heart } from './heart.js'
import { HeartbeatFile } from './heartbeat-file.js'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-heart-'))
})
afterEach(() => rm(folder, { recursive: true }))

const create = (path: string, clock: ManualClock, warnings: string[] = []): { heart: Heart; file: HeartbeatFile } => {
  const file = new HeartbeatFile(path)
  const logger = { ...silentLogger, warn: (_: object, message: string) => void warnings.push(message) }
  return { file, heart: new Heart({ file, timeoutMs: 1_000, fencingToken: 4, pid: 12, clock, logger }) }
}

describe('Heart', () => {
  it('beats five times within the patience of the watchdog, and says good-bye', async () => {
    const clock = new ManualClock()
    const { heart, file } = create(join(folder, 'data', 'beat.json'), clock)
    await heart.start()
    expect(await file.read()).toEqual({ fencingToken: 4, pid: 12, sequence: 1, state: 'alive' })
    await clock.advance(1_000)
    await waitFor(async () => (await file.read())?.sequence === 6, 'five more beats')
    await heart.stop()
    expect(await file.read()).toEqual({ fencingToken: 4, pid: 12, sequence: 7, state: 'stopped' })
    expect(clock.pendingTimers).toBe(0)
  })

  it('warns and goes on when its file cannot be written', async () => {
    await writeFile(join(folder, 'file'), '')
    const warnings: string[] = []
    const { heart } = create(join(folder, 'file', 'beat.json'), new ManualClock(), warnings)
    await heart.start()
    heart.silence()
    expect(warnings).toEqual(['the watchdog cannot see that this engine lives'])
  })
})

describe('HeartbeatFile', () => {
  it('reads nothing where there is nothing, or nothing that can be understood', async () => {
    const file = new HeartbeatFile(join(folder, 'beat.json'))
    expect(await file.read()).toBeUndefined()
    await writeFile(join(folder, 'beat.json'), '{"pid":')
    expect(await file.read()).toBeUndefined()
  })
})
