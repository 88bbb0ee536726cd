import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JournalLock } from '@cex-arbitrage/storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CheckResult } from '../../doctor/check.js'
import { CommandLine } from '../../testing/command-line.js'
import { LocalVenues } from '../../testing/local-venues.js'

interface Diagnosis {
  readonly ok: boolean
  readonly mode: string | null
  readonly failed: number
  readonly warned: number
  readonly checks: readonly CheckResult[]
}

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-doctor-'))
})
afterEach(() => rm(folder, { recursive: true }))

const inFolder = (name: string): string => join(folder, name)

const machine = (): Record<string, unknown> => ({
  journal: { folder: inFolder('journal') },
  killSwitch: { file: inFolder('KILL') },
  server: { port: 0, controlFile: inFolder('control.json') },
})

async function doctor(
  overrides: Readonly<Record<string, unknown>> = {},
  env: Readonly<Record<string, string>> = {},
  ...args: readonly string[]
): Promise<{ readonly line: CommandLine; readonly diagnosis: Diagnosis }> {
  await writeFile(inFolder('config.yaml'), JSON.stringify({ ...machine(), ...overrides }))
  const line = await new CommandLine(env).run('doctor', '--config', inFolder('config.yaml'), '--json', ...args)
  return { line, diagnosis: JSON.parse(line.output.lines.at(-1) ?? '{}') as Diagnosis }
}

/** The check of this name. */
function checkOf({ checks }: Diagnosis, name: string): CheckResult {
  const found = checks.find((check) => check.name === name)
  if (found === undefined) throw new Error(`Nothing is said of ${name}: ${checks.map((check) => check.name).join()}`)
  return found
}

describe('arb doctor', () => {
  it('finds a healthy simulated mode healthy', async () => {
    const { line, diagnosis } = await doctor()
    expect(diagnosis.checks.filter(({ state }) => state !== 'ok')).toEqual([])
    expect(diagnosis).toMatchObject({ ok: true, mode: 'simulated', failed: 0, warned: 0 })
    expect(diagnosis.checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'configuration',
        'database',
        'journal',
        'disk',
        'port',
        'kill switch',
        ...['REST', 'clock', 'instruments', 'WebSocket', 'key', 'balances', 'account stream'].map(
          (w) => `mexc spot ${w}`,
        ),
      ]),
    )
    expect(line.exitCode).toBe(0)
  })

  it('says every problem of a configuration, and ends with 2', async () => {
    const { line, diagnosis } = await doctor({ mode: 'live', risk: { maxOpenOrders: 0 } })
    expect(line.exitCode).toBe(2)
    expect(diagnosis).toMatchObject({ ok: false, mode: null })
    const said = diagnosis.checks.map(({ detail }) => detail).join('\n')
    expect(said).toContain('risk.maxOpenOrders')
    expect(said).not.toContain('--arm')
  })

  it('says what to do on the lines of people', async () => {
    await writeFile(inFolder('KILL'), '')
    await writeFile(inFolder('config.yaml'), JSON.stringify({ ...machine(), database: { enabled: false } }))
    const { output } = await new CommandLine().run('doctor', '-c', inFolder('config.yaml'), '-m', 'simulated')
    const text = output.lines.join('\n')
    expect(text).toContain(`warn  kill switch: ${inFolder('KILL')} exists: nothing will be opened`)
    expect(text).toContain('→ Remove the file when trading is meant.')
    expect(text).toContain('warn  database: switched off')
    expect(output.lines.at(-1)).toMatch(/^\d+ checks, 0 failed, 2 with a warning\.$/)
  })
})

describe('what arb doctor says of the machine', () => {
  it('names a port that is taken, a journal that is held, and a database that is away', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    await mkdir(inFolder('journal'))
    const lock = await JournalLock.acquire(inFolder('journal'), 0)
    try {
      const taken = { port, controlFile: inFolder('control.json') }
      const away = { CEX_ARBITRAGE_DATABASE__URL: 'postgres://arb:password@127.0.0.1:9/arb' }
      const { line, diagnosis } = await doctor({ server: taken }, away)
      expect(line.exitCode).toBe(1)
      expect(checkOf(diagnosis, 'port')).toMatchObject({ state: 'fail', detail: expect.stringContaining('EADDRINUSE') })
      expect(checkOf(diagnosis, 'journal').detail).toContain(`held by process ${process.pid}`)
      expect(checkOf(diagnosis, 'database')).toMatchObject({ state: 'fail' })
      const control = { address: `http://127.0.0.1:${port}`, pid: 7 }
      await writeFile(inFolder('control.json'), JSON.stringify(control))
      const again = await doctor({ server: taken })
      expect(checkOf(again.diagnosis, 'port')).toMatchObject({
        state: 'warn',
        detail: expect.stringContaining('process 7'),
      })
    } finally {
      await lock.release()
      server.close()
    }
  })

  it('names a folder that cannot be made, and leaves nothing in one that can', async () => {
    await writeFile(inFolder('file'), '')
    const { diagnosis } = await doctor({
      journal: { folder: join(inFolder('file'), 'journal') },
      logging: { level: 'silent', file: inFolder('engine.log') },
      database: { url: `sqlite:${inFolder('history.db')}` },
    })
    expect(checkOf(diagnosis, 'journal')).toMatchObject({
      state: 'fail',
      advice: expect.stringContaining('journal.folder'),
    })
    expect(diagnosis.checks.filter(({ name, state }) => name === 'disk' && state === 'ok').length).toBeGreaterThan(0)
  })
})

describe('what arb doctor says of exchanges', () => {
  const account = (permission: 'trade' | 'read', balances: Readonly<Record<string, string>>) => ({
    accounts: [{ id: 'trader', uid: 1, keys: [{ key: 'the-key', secret: 'the-secret', permission }], balances }],
  })
  const funds = { USDT: '1000', BTC: '1', ETH: '1', SOL: '1' }
  let venues: LocalVenues
  afterEach(() => venues.close())

  async function examineLive(
    settings: Readonly<Record<string, unknown>> = {},
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly line: CommandLine; readonly diagnosis: Diagnosis }> {
    const { env: keys, overrides } = venues.sources({ mode: 'live', ...machine() }, settings)
    return doctor(overrides, { ...keys, ...env })
  }

  it('finds live exchanges healthy although nothing is armed, and asks to look at keys that tell nothing', async () => {
    venues = await LocalVenues.start(3, account('trade', funds))
    const { line, diagnosis } = await examineLive({}, { CEX_ARBITRAGE_LIVE__ARMED: 'false' })
    expect(checkOf(diagnosis, 'configuration')).toMatchObject({ state: 'warn', detail: 'clean, live mode, not armed' })
    expect(checkOf(diagnosis, 'mexc spot key')).toMatchObject({ state: 'ok', detail: 'may trade, may not withdraw' })
    expect(checkOf(diagnosis, 'gateio spot key').state).toBe('warn')
    expect(line.exitCode).toBe(0)
    for (const host of venues.hosts.values())
      expect(host.truth().orders.filter((o) => o.accountId === 'trader')).toEqual([])
  })

  it('fails on a key that may not trade or is not known', async () => {
    venues = await LocalVenues.start(3, account('read', funds))
    const { diagnosis } = await examineLive({}, { CEX_ARBITRAGE_EXCHANGES__GATEIO__API_KEY: 'another' })
    expect(checkOf(diagnosis, 'mexc spot key')).toMatchObject({ state: 'fail', detail: 'accepted, but may not trade' })
    expect(checkOf(diagnosis, 'gateio spot key').detail).toContain('AUTHENTICATION_FAILED')
  })

  it('fails on a clock that is off, an exchange that is away and a symbol that nobody lists', async () => {
    venues = await LocalVenues.start(3, account('trade', funds))
    venues.hosts.get('mexc')!.faults.add({ kind: 'clock_skew', offsetMs: 4_000 })
    venues.hosts.get('gateio')!.faults.add({ kind: 'error_before', status: 503 })
    const { env, overrides } = venues.sources({ mode: 'live', ...machine() })
    const { diagnosis } = await doctor({ ...overrides, instruments: ['BTC/USDT', 'NONE/USDT'] }, env)
    expect(checkOf(diagnosis, 'mexc spot clock')).toMatchObject({
      state: 'fail',
      detail: expect.stringContaining('behind the exchange'),
      advice: expect.stringContaining('NTP'),
    })
    expect(checkOf(diagnosis, 'gateio spot REST')).toMatchObject({ state: 'fail' })
  })

  it('warns of an instrument that is not traded, and needs no key on paper', async () => {
    venues = await LocalVenues.start(3, account('trade', funds))
    const { overrides } = venues.sources({ mode: 'paper', ...machine() })
    const { diagnosis } = await doctor({ ...overrides, instruments: ['BTC/USDT', 'NONE/USDT'] })
    expect(checkOf(diagnosis, 'mexc spot instruments')).toMatchObject({
      state: 'warn',
      detail: 'not traded there: NONE/USDT',
    })
    expect(diagnosis.checks.map(({ name }) => name)).not.toContain('mexc spot key')
  })

  it('fails on a plug-in that is not there', async () => {
    venues = await LocalVenues.start(3)
    const { overrides } = venues.sources({ mode: 'paper', plugins: ['@cex-arbitrage/exchange-nowhere'], ...machine() })
    const { diagnosis } = await doctor(overrides)
    expect(checkOf(diagnosis, 'plug-in @cex-arbitrage/exchange-nowhere').state).toBe('fail')
  })
})
