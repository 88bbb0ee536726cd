import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '@cex-arbitrage/common/testing'
import type { VenueHost } from '@cex-arbitrage/simulator'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { bundleProgram } from '../testing/bundle-program.js'
import { ChildProgram } from '../testing/child-program.js'
import { LocalVenues } from '../testing/local-venues.js'
import { isProcessRunning } from '../lifecycle/companion.js'
import { HeartbeatFile } from './heartbeat-file.js'

const timeoutMs = 1_000
const countdownMs = 6_000

let folder = ''
let engines: ChildProgram[] = []
let bundle: Awaited<ReturnType<typeof bundleProgram>>
let venues: LocalVenues
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-watchdog-'))
  bundle = await bundleProgram('../main.ts')
  venues = await LocalVenues.start()
}, 30_000)
afterEach(async () => {
  for (const engine of engines) engine.kill('SIGKILL')
  // A watchdog outlives its engine, and asks for ever where no exchange answers; a newer engine ends it.
  await beats().write({ fencingToken: 1_000, pid: process.pid, sequence: 0, state: 'stopped' })
  await Promise.all(engines.map(({ closed }) => closed))
  engines = []
  await venues.close()
  await rm(folder, { recursive: true })
  await rm(bundle.folder, { recursive: true })
})

const beats = (): HeartbeatFile => new HeartbeatFile(join(folder, 'heartbeat.json'))

async function startEngine(): Promise<ChildProgram> {
  const { env, overrides } = venues.sources({
    mode: 'live',
    journal: { folder: join(folder, 'journal') },
    execution: {
      deadManSwitchMs: countdownMs,
      watchdog: { enabled: true, timeoutMs, heartbeatFile: join(folder, 'heartbeat.json') },
    },
    logging: { level: 'warn', format: 'json' },
  })
  await writeFile(join(folder, 'config.yaml'), JSON.stringify(overrides))
  const args = ['run', '--arm', '--config', join(folder, 'config.yaml')]
  const engine = new ChildProgram({ program: bundle.program, args, env, cwd: folder })
  engines.push(engine)
  await engine.line(/^Connected/, 20_000)
  return engine
}

/** An order of ours that rests, as one that was on its way when the engine died. */
function placeResting(host: VenueHost, clientOrderId: string): () => boolean {
  const placed = host.core.place({
    accountId: 'trader',
    symbol: 'BTC/USDT',
    side: 'buy',
    kind: 'limit',
    timeInForce: 'gtc',
    priceTicks: Math.floor(host.core.engine('BTC/USDT').ladder('buy').best!.priceTicks / 2),
    quantityLots: 1_000,
    clientOrderId,
  })
  if (!('order' in placed)) throw new Error('The venue has refused the order.')
  return () => placed.order.isOpen
}

it('cancels what rests when the engine is killed: its watchdog where the exchange cannot, the exchange by itself where it can', async () => {
  const engine = await startEngine()
  engine.kill('SIGKILL')
  await engine.exited
  const restsOnMexc = placeResting(venues.hosts.get('mexc')!, 'arb-left-behind')
  const restsOnGateio = placeResting(venues.hosts.get('gateio')!, 't-arb-left-behind')
  const foreign = placeResting(venues.hosts.get('mexc')!, 'somebody-else')
  expect(restsOnMexc()).toBe(true)
  await waitFor(() => !restsOnMexc(), 'the watchdog', 5 * timeoutMs)
  await waitFor(() => !restsOnGateio(), 'the countdown', 2 * countdownMs)
  expect(foreign()).toBe(true)
  // The watchdog has its output, and ends by itself once nothing of the dead engine is left.
  await engine.closed
  expect(engine.text()).toContain('no order of the silent engine is left')
}, 60_000)

it('ends with an engine that stops, and leaves nothing running', async () => {
  const engine = await startEngine()
  expect(await beats().read()).toMatchObject({ state: 'alive', pid: engine.pid, fencingToken: 1 })
  engine.kill('SIGINT')
  await engine.closed
  expect(engine.exitCode).toBe(0)
  expect(await beats().read()).toMatchObject({ state: 'stopped' })
  expect(isProcessRunning(engine.pid)).toBe(false)
}, 60_000)
