import { Worker } from 'node:worker_threads'
import { ConfigurationException, DatabaseException, type CexArbitrageException } from '@cex-arbitrage/common'
import type { DisplayRow } from '../display-data.js'
import type { HistoryQueries } from '../history-queries.js'
import type { HistoryHost, HistoryHostOptions, HistoryProgress } from './history-host.js'
import {
  openingReplyId,
  type HostFailure,
  type HostMethod,
  type HostReply,
  type HostRequest,
} from './worker-messages.js'

interface PendingCall {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: CexArbitrageException) => void
}

/** The host on a thread of its own: SQLite blocks the thread that asks it, and rows are built there as well. */
export class WorkerHost implements HistoryHost {
  private readonly pending = new Map<number, PendingCall>()
  private nextId = openingReplyId
  private ended = false
  private readonly exited: Promise<void>

  private constructor(private readonly worker: Worker) {
    worker.on('message', (reply: HostReply) => this.onReply(reply))
    worker.on('error', (cause) => this.end(threadEnded(cause)))
    this.exited = new Promise((resolve) => {
      worker.on('exit', () => {
        this.end(threadEnded(undefined))
        resolve()
      })
    })
  }

  /** @throws {@link DatabaseException} It cannot be opened. */
  static async open(entry: URL, options: HistoryHostOptions): Promise<WorkerHost> {
    const host = new WorkerHost(new Worker(entry, { workerData: options, name: 'database' }))
    await host.expect()
    return host
  }

  query<Name extends keyof HistoryQueries>(
    name: Name,
    args: Parameters<HistoryQueries[Name]>,
  ): Promise<Awaited<ReturnType<HistoryQueries[Name]>>> {
    return this.call('query', [name, args]) as Promise<Awaited<ReturnType<HistoryQueries[Name]>>>
  }

  async write(rows: readonly DisplayRow[]): Promise<void> {
    await this.call('write', [rows])
  }

  catchUp(): Promise<HistoryProgress> {
    return this.call('catchUp', []) as Promise<HistoryProgress>
  }

  progress(): Promise<HistoryProgress> {
    return this.call('progress', []) as Promise<HistoryProgress>
  }

  async close(): Promise<void> {
    if (!this.ended) await this.call('close', [])
    await this.exited
  }

  private call(method: HostMethod, args: readonly unknown[]): Promise<unknown> {
    if (this.ended) return Promise.reject(threadEnded(undefined))
    const request: HostRequest = { id: this.nextId, method, args }
    const reply = this.expect()
    this.worker.postMessage(request)
    return reply
  }

  private expect(): Promise<unknown> {
    const id = this.nextId++
    return new Promise((resolve, reject) => this.pending.set(id, { resolve, reject }))
  }

  private onReply(reply: HostReply): void {
    const call = this.pending.get(reply.id)
    this.pending.delete(reply.id)
    if ('failure' in reply) call?.reject(exceptionOf(reply.failure))
    else call?.resolve(reply.result)
  }

  private end(error: CexArbitrageException): void {
    this.ended = true
    for (const { reject } of this.pending.values()) reject(error)
    this.pending.clear()
  }
}

const exceptionOf = ({ code, message }: HostFailure): CexArbitrageException =>
  code === 'CONFIGURATION_INVALID' ? new ConfigurationException({ message }) : new DatabaseException({ message })

const threadEnded = (cause: unknown): DatabaseException =>
  new DatabaseException({
    cause,
    message: 'The thread of the database has ended. Trading goes on; restart the engine to have history again.',
  })
