export interface ChannelWatchOptions {
  readonly maxSilenceMs: number
  /** What happens besides telling the handler; `report` (nothing) by default. */
  readonly action?: 'report' | 'reconnect'
}

/** Watches that one channel keeps bringing data. */
export interface ChannelWatch {
  readonly channel: string
  /** Call it for each message of the channel: one field is written. */
  touch(receivedAtUs: number): void
  close(): void
}
