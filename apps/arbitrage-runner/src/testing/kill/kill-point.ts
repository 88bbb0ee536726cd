/** When an engine's process is killed. */
export interface KillPoint {
  /** Records are counted from the first of the session, or from the one that starts the first trade. */
  readonly from: 'session' | 'trade'
  /** 1 is the first record. */
  readonly record: number
  /**
   * `before` it is written: whatever was queued but not written is lost with it. `after`: it is on disk and nothing has
   * followed from it. `soon`: a few milliseconds later, with orders and answers on their way.
   */
  readonly moment: 'before' | 'after' | 'soon'
}

export const killMoments = ['before', 'after', 'soon'] as const

export const describeKillPoint = ({ from, record, moment }: KillPoint): string =>
  `${moment} record ${record} of the ${from}`
