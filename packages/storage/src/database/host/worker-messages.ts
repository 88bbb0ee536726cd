import type { ErrorCode } from '@cex-arbitrage/common'
import type { HistoryHost } from './history-host.js'

export type HostMethod = keyof HistoryHost

/** A call of a method of the host. */
export interface HostRequest {
  readonly id: number
  readonly method: HostMethod
  readonly args: readonly unknown[]
}

/** What crosses threads of an error. */
export interface HostFailure {
  readonly code: ErrorCode
  readonly message: string
}

/** An answer; the one with id 0 says how the opening went. */
export type HostReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: HostFailure }

export const openingReplyId = 0
