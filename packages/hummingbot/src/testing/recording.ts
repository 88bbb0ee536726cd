import type { LogFields, Logger } from '@cex-arbitrage/common'
import type { HummingbotEvent, HummingbotEventSink } from '../client/event-engine.js'

export interface LogRecord {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly fields: LogFields
  readonly message: string
}

/** A logger that keeps what it is told. */
export function createRecordingLogger(records: LogRecord[] = [], bindings: LogFields = {}): Logger {
  const write =
    (level: LogRecord['level']) =>
    (fields: LogFields, message: string): void =>
      void records.push({ level, fields: { ...bindings, ...fields }, message })
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (more) => createRecordingLogger(records, { ...bindings, ...more }),
  }
}

/** An event sink that keeps what is put. */
export class RecordingSink implements HummingbotEventSink {
  readonly events: HummingbotEvent[] = []

  put(event: HummingbotEvent): void {
    this.events.push(event)
  }

  /** All but the client's own status events. */
  get told(): HummingbotEvent[] {
    return this.events.filter(({ type }) => type !== 'SYSTEM')
  }

  get statuses(): unknown[] {
    return this.events.filter(({ type }) => type === 'SYSTEM').map(({ data }) => data['status'])
  }
}
