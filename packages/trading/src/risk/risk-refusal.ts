import type { WhyNot } from './why-not.js'

/** Why the gate let something not pass: the first cause, and the numbers for people. */
export interface RiskRefusal {
  readonly cause: WhyNot
  readonly detail: string
}

export const refuse = (cause: WhyNot, detail: string): RiskRefusal => ({ cause, detail })
