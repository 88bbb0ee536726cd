import { readFileSync, statSync, type BigIntStats } from 'node:fs'
import { link, open, readFile, rename, rm, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { JournalException } from '@cex-arbitrage/common'

const lockName = 'journal.lock'
const attempts = 10

interface Owner {
  readonly token: number
  readonly pid: number
  /** When the process started, in clock ticks since boot where the system tells; process ids are used again. */
  readonly startTicks: string
}

/**
 * The right to write one journal, for one process at a time. It carries a fencing token that grows with every holder. The
 * lock of a dead process is taken over; whoever has lost the lock finds out at the next write.
 */
export class JournalLock {
  /** The lock as it looked before it was last read and found ours. */
  private seen: BigIntStats | undefined

  private constructor(
    private readonly path: string,
    private readonly content: string,
    readonly fencingToken: number,
  ) {}

  /**
   * @param minToken - Tokens up to this one have been used.
   * @throws {@link JournalException} A living process holds it.
   */
  static async acquire(directory: string, minToken: number): Promise<JournalLock> {
    const path = join(directory, lockName)
    let token = minToken + 1
    for (let attempt = 0; attempt < attempts; attempt++) {
      const owner: Owner = { token, pid: process.pid, startTicks: startTicksOf(process.pid) ?? '' }
      const content = JSON.stringify(owner)
      if (await createWhole(path, content)) return new JournalLock(path, content, token)
      const held = await readFile(path, 'utf8').catch(() => undefined)
      if (held === undefined) continue
      const holder = parseOwner(held)
      if (holder !== undefined && isAlive(holder))
        throw new JournalException({
          message: `The journal in ${directory} is held by process ${holder.pid}. Stop that engine first; two must not write one journal.`,
        })
      token = Math.max(token, (holder?.token ?? 0) + 1)
      await setAside(path, held)
    }
    throw new JournalException({
      message: `The lock ${path} changes hands too often. Look for engines in a restart loop.`,
    })
  }

  /** Process id of the living holder; `undefined` when nobody holds it. Changes nothing. */
  static async holder(directory: string): Promise<number | undefined> {
    const held = await readFile(join(directory, lockName), 'utf8').catch(() => undefined)
    const owner = held === undefined ? undefined : parseOwner(held)
    return owner !== undefined && isAlive(owner) ? owner.pid : undefined
  }

  /** @throws {@link JournalException} Another process has taken the lock: nothing more may be written. */
  assertHeld(): void {
    const now = statSync(this.path, { bigint: true, throwIfNoEntry: false })
    // Whoever takes a lock over puts another file in its place; one that was only looked at need not be read again.
    if (now !== undefined && this.seen !== undefined && isSameFile(now, this.seen)) return
    if (this.read() === this.content) {
      this.seen = now
      return
    }
    throw new JournalException({
      message: `The journal lock ${this.path} is no longer ours (token ${this.fencingToken}). Nothing was written; this engine must stop.`,
    })
  }

  private read(): string | undefined {
    try {
      return readFileSync(this.path, 'utf8')
    } catch {
      return undefined
    }
  }

  /** Gives the lock up, if it is still ours. */
  async release(): Promise<void> {
    if ((await readFile(this.path, 'utf8').catch(() => undefined)) === this.content) await rm(this.path)
  }
}

const isSameFile = (a: BigIntStats, b: BigIntStats): boolean =>
  a.ino === b.ino && a.ctimeNs === b.ctimeNs && a.mtimeNs === b.mtimeNs && a.size === b.size

/** Puts the lock there with its content in one step, so that nobody ever sees half of it. */
async function createWhole(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${process.pid}`
  const file = await open(draft, 'w')
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await unlink(draft)
  }
}

/** Moves a stale lock out of the way; a lock that is not the stale one any more is put back. */
async function setAside(path: string, stale: string): Promise<void> {
  const aside = `${path}.stale.${process.pid}`
  try {
    await rename(path, aside)
  } catch {
    return
  }
  if ((await readFile(aside, 'utf8')) !== stale) await link(aside, path).catch(() => undefined)
  await unlink(aside)
}

function parseOwner(text: string): Owner | undefined {
  try {
    const { token, pid, startTicks } = JSON.parse(text) as Partial<Owner>
    if (typeof token !== 'number' || typeof pid !== 'number' || typeof startTicks !== 'string') return undefined
    return { token, pid, startTicks }
  } catch {
    return undefined
  }
}

function isAlive({ pid, startTicks }: Owner): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const now = startTicksOf(pid)
  return now === undefined || startTicks === '' || now === startTicks
}

/** Field 22 of the process's stat line; `undefined` where the system has none. */
function startTicksOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
