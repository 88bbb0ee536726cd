/** Why a request is made, which decides who goes first when the rate budget is short. */
export type RequestPriority = 'hedge' | 'cancel' | 'order' | 'account' | 'market-data' | 'background'

const ranks: Readonly<Record<RequestPriority, number>> = {
  hedge: 0,
  cancel: 0,
  order: 1,
  account: 2,
  'market-data': 3,
  background: 4,
}

/** Number of classes that `priorityRank` tells apart. */
export const priorityRankCount = 5

/** 0 goes first; hedges and cancels share it. */
export const priorityRank = (priority: RequestPriority): number => ranks[priority]

/** Hedges and cancels: what may use the reserve of a rate window. */
export const isPrivileged = (priority: RequestPriority): boolean => ranks[priority] === 0
