import { once } from 'node:events'
import { access, constants, mkdir, open, rm, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import type { Clock } from '@cex-arbitrage/common'
import type { EngineConfig } from '@cex-arbitrage/config'
import { JournalLock, probeDatabase } from '@cex-arbitrage/storage'
import { ControlFile } from '../control/control-file.js'
import { attempt, fail, ok, warn, type CheckResult } from './check.js'

const bytesPerMegabyte = 1_048_576
const megabytesPerGigabyte = 1_024
/** Below it the journal may stop the engine within a day. */
const leastFreeMegabytes = 512
const fewFreeMegabytes = 5 * megabytesPerGigabyte
const flushes = 5
/** Every order waits for one flush with `fsync: always`. */
const slowFlushMs = 20
const sqlitePrefix = 'sqlite:'

/** Looks at what the engine needs of its machine. None of it is traded with, and nothing is left behind but folders. */
export async function checkMachine(config: EngineConfig, clock: Clock): Promise<readonly CheckResult[]> {
  const results = [await checkDatabase(config, clock), await checkJournal(config, clock)]
  for (const folder of foldersOf(config)) results.push(await checkDisk(folder, clock))
  if (config.server.enabled) results.push(await checkPort(config))
  results.push(await checkKillSwitch(config))
  return results
}

function checkDatabase({ database }: EngineConfig, clock: Clock): Promise<CheckResult> {
  if (!database.enabled)
    return Promise.resolve(
      warn('database', 'switched off', 'Trades are in the journal alone; set database.enabled to see them in tables.'),
    )
  const advice = 'Check database.url, that PostgreSQL runs and lets this user in, or that the folder can be written.'
  return attempt('database', advice, clock, async () => {
    const { engine, migrations } = await probeDatabase({ url: database.url.reveal(), poolSize: 1 })
    const brought =
      migrations.length === 0 ? 'its tables are up to date' : `brought up to date: ${migrations.join(', ')}`
    return ok('database', `${engine} can be written, ${brought}`)
  })
}

/** The journal of live trading; those of the other modes lie in the folder for temporary files. */
function checkJournal({ journal, mode }: EngineConfig, clock: Clock): Promise<CheckResult> {
  const folder = resolve(journal.folder)
  const advice = `Let the user of the engine write ${folder}, or set journal.folder.`
  return attempt('journal', advice, clock, async () => {
    const holder = await JournalLock.holder(folder)
    if (holder !== undefined)
      return warn(
        'journal',
        `${folder} is held by process ${holder}: an engine runs`,
        'A second one would be refused. Stop that one first, or give this one a folder and keys of its own.',
      )
    await mkdir(folder, { recursive: true })
    const flushMs = await measureFlush(folder, clock)
    const detail = `${folder} can be written, a flush takes ${flushMs.toFixed(1)} ms`
    if (mode === 'live' && journal.fsync === 'always' && flushMs > slowFlushMs)
      return warn(
        'journal',
        detail,
        'Every order waits for a flush: use a local SSD, or set journal.fsync to interval.',
      )
    return ok('journal', detail)
  })
}

/** Median milliseconds. */
async function measureFlush(folder: string, clock: Clock): Promise<number> {
  const path = join(folder, `.doctor-${process.pid}`)
  const file = await open(path, 'w')
  const times: number[] = []
  try {
    for (let i = 0; i < flushes; i++) {
      const startedAtUs = clock.nowUs()
      await file.write('doctor\n')
      await file.datasync()
      times.push((clock.nowUs() - startedAtUs) / 1_000)
    }
  } finally {
    await file.close()
    await rm(path, { force: true })
  }
  return times.toSorted((a, b) => a - b)[Math.floor(flushes / 2)]!
}

/** Where something grows. */
function foldersOf({ journal, database, logging }: EngineConfig): ReadonlySet<string> {
  const url = database.url.reveal()
  const file = url.startsWith(sqlitePrefix) ? url.slice(sqlitePrefix.length) : ':memory:'
  return new Set([
    resolve(journal.folder),
    ...(file === ':memory:' || !database.enabled ? [] : [dirname(resolve(file))]),
    ...(logging.file === undefined ? [] : [dirname(resolve(logging.file))]),
  ])
}

function checkDisk(folder: string, clock: Clock): Promise<CheckResult> {
  const advice = 'Free some space, or move the folder: a journal that cannot be written halts the engine.'
  return attempt('disk', advice, clock, async () => {
    const { bavail, bsize } = await statfs(await nearestFolder(folder))
    const megabytes = (bavail * bsize) / bytesPerMegabyte
    const detail = `${(megabytes / megabytesPerGigabyte).toFixed(1)} GB free for ${folder}`
    if (megabytes < leastFreeMegabytes) return fail('disk', detail, advice)
    if (megabytes < fewFreeMegabytes) return warn('disk', detail, advice)
    return ok('disk', detail)
  })
}

/** The folder, or what will hold it. */
async function nearestFolder(folder: string): Promise<string> {
  const exists = await access(folder, constants.F_OK).then(
    () => true,
    () => false,
  )
  return exists || dirname(folder) === folder ? folder : nearestFolder(dirname(folder))
}

async function checkPort({ server }: EngineConfig): Promise<CheckResult> {
  const { host, port, controlFile } = server
  const title = 'port'
  const running = await new ControlFile(controlFile).read()
  const probe = createServer()
  try {
    probe.listen({ host, port })
    await once(probe, 'listening')
    return ok(title, port === 0 ? `a free port of ${host} will be taken` : `${host}:${port} is free`)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE' && running !== undefined && new URL(running.address).port === String(port))
      return warn(title, `${host}:${port} is served by the engine of process ${running.pid}`, 'Stop it before another.')
    return fail(
      title,
      `${host}:${port} cannot be listened on (${code})`,
      'Set server.port to a free port, or 0; server.host must be an address of this machine.',
    )
  } finally {
    probe.close()
  }
}

async function checkKillSwitch({ killSwitch }: EngineConfig): Promise<CheckResult> {
  const file = resolve(killSwitch.file)
  const exists = await access(file).then(
    () => true,
    () => false,
  )
  return exists
    ? warn('kill switch', `${file} exists: nothing will be opened`, 'Remove the file when trading is meant.')
    : ok('kill switch', `${file} does not exist`)
}
