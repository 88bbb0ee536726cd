import { open, readFile, rename, type FileHandle } from 'node:fs/promises'
import { RETENTION_MS } from './bridge-constants.js'
import { isEnded, orderRecordSchema, type OrderRecord } from './order-record.js'

/** Keeps the bridge's orders, so that none is placed twice and none is forgotten over a restart. */
export interface OrderStore {
  /** What was kept, oldest first. Called once, before anything else. */
  load(nowMs: number): Promise<OrderRecord[]>
  /** Resolves when the record would survive a crash. */
  save(record: OrderRecord): Promise<void>
  /** Forgets an order that never came to be. */
  remove(clientOrderId: string): Promise<void>
  close(): Promise<void>
}

/** Keeps nothing over a restart. */
export class MemoryOrderStore implements OrderStore {
  load(): Promise<OrderRecord[]> {
    return Promise.resolve([])
  }

  save(): Promise<void> {
    return Promise.resolve()
  }

  remove(): Promise<void> {
    return Promise.resolve()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

/**
 * One JSON line per change, flushed to the disk before `save` resolves. Written anew without what is over at each start;
 * a torn last line, the mark of a crash, is left out.
 */
export class FileOrderStore implements OrderStore {
  private file: FileHandle | undefined
  private queue: Promise<void> = Promise.resolve()

  constructor(private readonly path: string) {}

  async load(nowMs: number): Promise<OrderRecord[]> {
    const records = new Map<string, OrderRecord>()
    for (const line of (await this.read()).split('\n')) {
      const change = readChange(line)
      if (change === undefined) continue
      records.delete(change.clientOrderId)
      if (change.record !== undefined) records.set(change.clientOrderId, change.record)
    }
    const kept = [...records.values()].filter(
      (record) => !isEnded(record) || nowMs - (record.endedAtMs ?? record.sentAtMs) < RETENTION_MS,
    )
    await this.rewrite(kept)
    this.file = await open(this.path, 'a')
    return kept
  }

  save(record: OrderRecord): Promise<void> {
    return this.append({ clientOrderId: record.clientOrderId, record })
  }

  remove(clientOrderId: string): Promise<void> {
    return this.append({ clientOrderId })
  }

  async close(): Promise<void> {
    await this.queue
    await this.file?.close()
    this.file = undefined
  }

  private append(change: object): Promise<void> {
    const line = `${JSON.stringify(change)}\n`
    const written = this.queue.then(async () => {
      if (this.file === undefined) throw new Error(`The order store ${this.path} is not open.`)
      await this.file.appendFile(line)
      await this.file.datasync()
    })
    this.queue = written.catch(() => undefined)
    return written
  }

  private async read(): Promise<string> {
    try {
      return await readFile(this.path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
      throw error
    }
  }

  private async rewrite(records: readonly OrderRecord[]): Promise<void> {
    const next = `${this.path}.next`
    const file = await open(next, 'w')
    try {
      const lines = records.map((record) => `${JSON.stringify({ clientOrderId: record.clientOrderId, record })}\n`)
      await file.appendFile(lines.join(''))
      await file.datasync()
    } finally {
      await file.close()
    }
    await rename(next, this.path)
  }
}

interface Change {
  readonly clientOrderId: string
  readonly record?: OrderRecord | undefined
}

function readChange(line: string): Change | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  const { clientOrderId, record } = value as { clientOrderId?: unknown; record?: unknown }
  if (typeof clientOrderId !== 'string') return undefined
  if (record === undefined) return { clientOrderId }
  const parsed = orderRecordSchema.safeParse(record)
  return parsed.success ? { clientOrderId, record: parsed.data } : undefined
}
