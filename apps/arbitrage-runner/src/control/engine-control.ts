import type { HaltCause, KillSwitch, TimedHaltCause } from '@cex-arbitrage/trading'

/** Ways by which an operator halts; each has its own cause, which is taken back by its name. */
export type OperatorRule = Extract<HaltCause['rule'], 'command' | 'api' | 'signal'>

/** Why a halt stays in force; `undefined` when it was taken back. */
export type ResumeRefusal = { readonly kind: 'not_in_force' | 'not_resumable'; readonly message: string }

const wayBack: Partial<Record<HaltCause['rule'], string>> = {
  shutdown: 'The engine is stopping. Start it again.',
  file: 'Remove the file; trading resumes by itself.',
  stale_feed: 'It ends by itself when market data flows again.',
  clock_offset: 'It ends by itself when the clocks agree again.',
}

const defaultDetail: Readonly<Record<OperatorRule, string>> = {
  command: 'Halted from the command line. `arb resume command` takes it back.',
  api: 'Halted through the API. `arb resume api` takes it back.',
  signal: 'Halted by SIGUSR2. `arb resume signal` takes it back.',
}

/** The kill switch as operators may use it; cancels, hedges and reconciliation go on whatever they do. */
export class EngineControl {
  constructor(private readonly killSwitch: KillSwitch) {}

  get halts(): readonly TimedHaltCause[] {
    return this.killSwitch.causes
  }

  /** Stops opening at once. */
  halt(rule: OperatorRule, reason?: string): void {
    this.killSwitch.halt({ rule, detail: reason === undefined ? defaultDetail[rule] : `Halted: ${reason}` })
  }

  /** Takes the causes of one rule back, on an operator's word, who has found out why they came. */
  resume(rule: string): ResumeRefusal | undefined {
    const cause = this.killSwitch.causes.find((known) => known.rule === rule)
    if (cause === undefined) return { kind: 'not_in_force', message: `No halt '${rule}' is in force.` }
    const way = wayBack[cause.rule]
    if (way !== undefined) return { kind: 'not_resumable', message: `The halt '${rule}' cannot be taken back. ${way}` }
    this.killSwitch.resume(cause.rule)
    return undefined
  }
}
