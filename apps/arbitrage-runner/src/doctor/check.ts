import { msPerSecond, sleep, toCexArbitrageException, type Clock } from '@cex-arbitrage/common'

/** `warn`: the engine would start, but somebody should look; `fail`: it would not, or not trade. */
export type CheckState = 'ok' | 'warn' | 'fail'

/** What one look found. */
export interface CheckResult {
  /** What was looked at, such as `mexc spot clock`. */
  readonly name: string
  readonly state: CheckState
  /** What was found, for people. */
  readonly detail: string
  /** What to do; absent when all is well. */
  readonly advice?: string
}

export const ok = (name: string, detail: string): CheckResult => ({ name, state: 'ok', detail })
export const warn = (name: string, detail: string, advice: string): CheckResult => ({
  name,
  state: 'warn',
  detail,
  advice,
})
export const fail = (name: string, detail: string, advice: string): CheckResult => ({
  name,
  state: 'fail',
  detail,
  advice,
})

/** What to do about an exchange that does not answer. */
export const reachAdvice =
  "Check the network, a firewall or proxy, the exchange's status page, and exchanges.*.urls if they are set."

const limitMs = 20_000

/** Looks, and turns what is thrown, or no end of it, into a failed check; it never rejects. */
export async function attempt(
  name: string,
  advice: string,
  clock: Clock,
  look: () => Promise<CheckResult>,
): Promise<CheckResult> {
  const done = new AbortController()
  const tooLate = async (): Promise<CheckResult> => {
    await sleep(clock, limitMs, done.signal)
    return fail(name, `nothing came back within ${limitMs / msPerSecond} s`, advice)
  }
  const late = tooLate()
  late.catch(() => undefined)
  try {
    return await Promise.race([look(), late])
  } catch (error) {
    const { code, message } = toCexArbitrageException(error, { doing: name })
    return fail(name, `${code}: ${message}`, advice)
  } finally {
    done.abort()
  }
}
