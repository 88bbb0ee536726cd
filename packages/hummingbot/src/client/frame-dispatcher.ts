import type { Logger } from '@cex-arbitrage/common'
import type { FrameWindow } from '@cex-arbitrage/networking'
import type { AttemptSender } from './attempt-sender.js'
import type { CallRegistry } from './call-registry.js'
import type { EventPublisher } from './event-publisher.js'
import { decodeFrame, type FrameObject } from './frame-codec.js'
import { decodePush } from './push-decoder.js'
import type { Redactor } from './redactor.js'
import type { RequestLog } from './request-log.js'
import { readEnvelope } from './response-error.js'
import { orderSchema, type HummingbotEnvelope, type HummingbotOrder } from './schemas.js'
import type { SubscriptionSet } from './subscription-set.js'

export interface FrameDispatcherOptions {
  readonly attempts: AttemptSender
  readonly calls: CallRegistry
  readonly subscriptions: SubscriptionSet
  readonly publisher: EventPublisher
  readonly requestLog: RequestLog
  readonly logger: Logger
  readonly redactor: Redactor
  readonly matchUntaggedResponses: boolean
  /** An order's state was pushed, or an order came to light by a late answer. */
  readonly onOrder: (order: HummingbotOrder) => void
}

/** Takes incoming frames to whom they concern, by the seven steps of A3. Never throws. */
export class FrameDispatcher {
  /** Frames and events that could not be read. */
  corrupt = 0
  private readonly warned = new Set<string>()

  constructor(private readonly options: FrameDispatcherOptions) {}

  onFrame(frame: FrameWindow): void {
    const { logger, redactor } = this.options
    if (frame.isBinary) {
      this.corrupt++
      logger.warn({ length: frame.length }, 'hummingbot sent a binary frame')
      return
    }
    const text = frame.toString()
    const decoded = decodeFrame(text)
    if (decoded.kind === 'object') {
      this.onObject(decoded.value, redactor.isClean(text))
      return
    }
    this.corrupt++
    const { reason, length, excerpt } = decoded
    logger.warn({ reason, length, excerpt: redactor.redactText(excerpt) }, 'hummingbot sent an unreadable frame')
  }

  private onObject(frame: FrameObject, isClean: boolean): void {
    const { id, type, status } = frame
    if (typeof id === 'string' || typeof id === 'number') {
      if (this.onAnswer(String(id), frame)) return
    } else if (status !== undefined && type === undefined) {
      if (this.onUntagged(frame)) return
    }
    if (typeof type === 'string') this.onPush(type, frame, isClean)
    else
      this.warnOnce(
        this.options.redactor.redactText(`frame with ${Object.keys(frame).toSorted().join(', ')}`),
        'hummingbot sent an unexpected frame',
      )
  }

  /** @returns whether the frame was an answer, to whomever. */
  private onAnswer(id: string, frame: FrameObject): boolean {
    const { attempts, calls, requestLog, logger, redactor } = this.options
    const envelope = readEnvelope(frame)
    if (attempts.answer(id, envelope)) return true
    const late = calls.takeLate(id, envelope)
    if (late === 'orphan') this.onOrphan(envelope)
    if (late !== 'foreign' || this.isOurs(id)) {
      requestLog.late(id, envelope.status)
      return true
    }
    if (frame['status'] === undefined) return false
    logger.warn(
      { id: redactor.redactText(id), status: redactor.redactText(envelope.status) },
      'hummingbot sent a foreign response',
    )
    return true
  }

  private onUntagged(frame: FrameObject): boolean {
    const { matchUntaggedResponses, attempts } = this.options
    return matchUntaggedResponses && attempts.answerOnly(readEnvelope(frame))
  }

  /** An order that was given up as unknown exists after all. */
  private onOrphan({ data }: HummingbotEnvelope): void {
    const { publisher, onOrder, logger } = this.options
    const order = orderSchema.safeParse(data)
    if (!order.success) {
      logger.warn({}, 'a late answer to create_order cannot be read')
      return
    }
    publisher.publish('ORDER_UPDATE', { ...(data as FrameObject), ...order.data })
    onOrder(order.data)
  }

  private onPush(type: string, frame: FrameObject, isClean: boolean): void {
    const { subscriptions, publisher, calls, onOrder, logger, redactor } = this.options
    const pushed = decodePush(type, frame)
    if (pushed.kind === 'unknown') {
      this.warnOnce(redactor.redactText(type), 'hummingbot pushed an unknown event')
      return
    }
    if (pushed.kind === 'corrupt') {
      this.corrupt++
      logger.warn(
        { type, reason: redactor.redactText(pushed.reason) },
        'hummingbot pushed an event that cannot be read',
      )
      return
    }
    if (subscriptions.isMuted(type, pushed.data)) return
    if (type === 'order_update' && typeof pushed.data['client_order_id'] === 'string')
      calls.stopWatching(pushed.data['client_order_id'])
    publisher.publish(pushed.busType, pushed.data, isClean)
    if (type === 'order_update' && typeof pushed.data['order_id'] === 'string')
      onOrder(pushed.data as unknown as HummingbotOrder)
  }

  private isOurs(id: string): boolean {
    return /^\d{1,15}$/.test(id) && Number(id) >= 1 && Number(id) <= this.options.attempts.lastSentId
  }

  private warnOnce(kind: string, message: string): void {
    if (this.warned.has(kind) || this.warned.size >= 100) return
    this.warned.add(kind)
    this.options.logger.warn({ kind }, message)
  }
}
