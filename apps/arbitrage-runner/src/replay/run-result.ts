import type { Decisions } from './session-engine.js'

/** What a run came to, in a line of JSON. */
export interface RunResult {
  readonly decisionHash: string
  /** Milliseconds of the run's own time. */
  readonly durationMs: number
  readonly events: number
  readonly bookUpdates: number
  readonly topChanges: number
  readonly opportunities: number
  readonly proposals: number
  readonly approvals: number
  readonly trades: Readonly<Record<string, number>>
  readonly profits: readonly { readonly asset: string; readonly expected: string; readonly realised: string }[]
  readonly whyNot: Readonly<Record<string, number>>
  /** First causes in force at the end, the stop itself apart. */
  readonly halts: readonly string[]
}

export function toRunResult(
  { decisionHash, status }: Decisions,
  run: { readonly durationMs: number; readonly events: number },
): RunResult {
  return {
    decisionHash,
    ...run,
    bookUpdates: status.bookUpdates,
    topChanges: status.topChanges,
    opportunities: status.opportunities,
    proposals: status.proposals,
    approvals: status.approvals,
    trades: status.trades,
    profits: status.profits.map(({ asset, expected, realised }) => ({
      asset,
      expected: expected.toString(),
      realised: realised.toString(),
    })),
    whyNot: Object.fromEntries(Object.entries(status.whyNot).filter(([, count]) => count > 0)),
    halts: status.halts.filter(({ rule }) => rule !== 'shutdown').map(({ rule, detail }) => `${rule}: ${detail}`),
  }
}
