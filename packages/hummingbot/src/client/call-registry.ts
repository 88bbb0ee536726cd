import { HummingbotException } from './hummingbot-exception.js'
import type { LogicalCall } from './logical-call.js'
import { readResponseError } from './response-error.js'
import type { HummingbotEnvelope } from './schemas.js'
import type { Redactor } from './redactor.js'

/** Orders of unknown state that are watched at most; the oldest is forgotten first. */
const maxWatched = 1_000

/** What an answer without an open attempt turned out to be. */
export type LateAnswer = 'settled' | 'ignored' | 'orphan' | 'foreign'

/** Which ids belong to which request, so that an answer to any of its attempts counts (A3 steps 3 to 5). */
export class CallRegistry {
  private readonly calls = new Set<LogicalCall>()
  private readonly byId = new Map<string, LogicalCall>()
  /** Orders that failed without a verdict, by the ids of their attempts. */
  private readonly watched = new Map<string, LogicalCall>()

  constructor(private readonly redactor: Redactor) {}

  /** Requests that have no outcome yet. */
  get size(): number {
    return this.calls.size
  }

  add(call: LogicalCall): void {
    this.calls.add(call)
  }

  addId(call: LogicalCall, id: string): void {
    call.ids.push(id)
    this.byId.set(id, call)
  }

  /** Forgets a call that has its outcome; with `watch`, late answers to it are still of interest. */
  remove(call: LogicalCall, watch: boolean): void {
    this.calls.delete(call)
    for (const id of call.ids) {
      this.byId.delete(id)
      if (watch) this.watched.set(id, call)
    }
    for (const oldest of this.watched.keys()) {
      if (this.watched.size <= maxWatched) return
      this.watched.delete(oldest)
    }
  }

  /** An order update named this order: its fate is known, and a late answer adds nothing. */
  stopWatching(clientOrderId: string): void {
    for (const [id, call] of this.watched) if (call.params['client_order_id'] === clientOrderId) this.watched.delete(id)
  }

  /** Takes an answer that belongs to no open attempt. */
  takeLate(id: string, envelope: HummingbotEnvelope): LateAnswer {
    const call = this.byId.get(id)
    if (call !== undefined) return this.settle(call, envelope)
    const orphan = this.watched.get(id)
    if (orphan === undefined || envelope.status !== 'success') return 'foreign'
    for (const each of orphan.ids) this.watched.delete(each)
    return 'orphan'
  }

  /** Ends every request. */
  failAll(reason: string): void {
    for (const call of this.calls)
      call.fail(
        new HummingbotException({
          message: reason,
          category: 'connection_error',
          requestType: call.type,
          requestId: call.ids.at(-1),
          attempts: call.ids.length,
          isUnsent: call.ids.length === 0,
          ...(call.type === 'create_order' && {
            orderStateUnknown: call.ids.length > 0,
            clientOrderId: call.params['client_order_id'] as string | undefined,
          }),
        }),
      )
  }

  private settle(call: LogicalCall, envelope: HummingbotEnvelope): LateAnswer {
    const error = readResponseError(envelope, call.type, this.redactor)
    if (error === undefined) call.succeed(envelope)
    // What may succeed later goes on by its schedule.
    else if (error.retriable || error.orderStateUnknown) return 'ignored'
    else call.fail(error.with({ attempts: call.ids.length }))
    return 'settled'
  }
}
