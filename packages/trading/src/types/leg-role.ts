/** What an order is for: a leg of the plan, or one of the three ways to close what a trade has left over. */
export type LegRole = 'leg' | 'complete' | 'unwind' | 'hedge'
