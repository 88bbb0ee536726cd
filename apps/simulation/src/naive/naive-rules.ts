import type { NaiveLeg, NaiveOrderDesk } from './naive-order-desk.js'

/** How an engine carries out two legs at once. Resolves when it thinks that the trade is over. */
export type NaiveRule = (legs: readonly NaiveLeg[], desk: NaiveOrderDesk) => Promise<void>

const retries = 3

/** Market legs; whatever fails is sent again under a new id, three times, and then forgotten. */
const marketWithRetries: NaiveRule = async (legs, desk) => {
  await Promise.all(
    legs.map(async (leg) => {
      for (let attempt = 0; attempt <= retries; attempt++) {
        try {
          await desk.sendAtMarket(leg)
          return
        } catch {
          // Sent again: the rule takes every error for a refusal.
        }
      }
    }),
  )
}

/** All legs at once; one that throws ends the trade, and nobody looks after the others. */
const gather: NaiveRule = async (legs, desk) => {
  await Promise.all(legs.map((leg) => desk.sendPlanned(leg))).catch(() => undefined)
}

/** An order without an answer counts as rejected, one with an answer as filled; what is left over is sent back. */
const timeoutMeansRejected: NaiveRule = async (legs, desk) => {
  const answers = await Promise.allSettled(legs.map((leg) => desk.sendPlanned(leg)))
  const filled = legs.filter((_, index) => answers[index]!.status === 'fulfilled')
  if (filled.length === legs.length) return
  await Promise.allSettled(filled.map((leg) => desk.sendAtMarket(leg, leg.plan.side === 'buy' ? 'sell' : 'buy')))
}

export const naiveRules = { marketWithRetries, gather, timeoutMeansRejected } as const
export type NaiveRuleName = keyof typeof naiveRules
export const naiveRuleNames = Object.keys(naiveRules) as NaiveRuleName[]
