import 'reflect-metadata'
import { readFileSync } from 'node:fs'
import { silentLogger, systemClock, systemRandom } from '@cex-arbitrage/common'
import { loadConfig } from '@cex-arbitrage/config'
import { openJournal } from '../../composition/open-journal.js'
import { EngineHost } from '../../lifecycle/engine-host.js'
import { createStopSignal } from '../../lifecycle/stop-signal.js'
import { untilStopped } from '../../lifecycle/until-stopped.js'
import type { VenueConfiguration } from '../local-venues.js'
import type { KillPoint } from './kill-point.js'
import { MortalJournal } from './mortal-journal.js'

// An engine that kills itself at a record of its journal, or runs until it is told to stop and says what it came to.
const [, , file = '', point] = process.argv
const { env, overrides } = JSON.parse(readFileSync(file, 'utf8')) as VenueConfiguration
const die = (): void => void process.kill(process.pid, 'SIGKILL')
const host = new EngineHost({
  config: loadConfig({ env, overrides, arm: true }),
  clock: systemClock,
  random: systemRandom,
  logger: silentLogger,
  openJournal: async (config, clock) => {
    const opened = await openJournal(config, clock)
    if (point === undefined) return opened
    return { ...opened, journal: new MortalJournal(opened.journal, JSON.parse(point) as KillPoint, die) }
  },
})
const stopSignal = createStopSignal(process)
const say = (event: object): void => void process.stdout.write(`${JSON.stringify(event)}\n`)
host.onOutcome(({ correlationId, end }) => say({ event: 'trade', correlationId, end }))
const { recovery } = await host.start()
say({ event: 'ready', recovery })
await untilStopped(stopSignal)
const halts = host.status().halts
const proof = await host.stop()
say({ event: 'stopped', proof, halts, balances: host.status().balances })
