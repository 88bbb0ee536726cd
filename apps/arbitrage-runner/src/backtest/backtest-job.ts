/** A capture of best quotes as the command line named it. */
export interface CaptureInput {
  /** `mexc:spot:LUNC/USDT`. */
  readonly name: string
  /** CSV, gzipped when it ends in .gz, or .ndjson of recorded traffic. */
  readonly path: string
  /** Base per unit of its quantities, decimal text. */
  readonly contractSize: string
}

/** What is played back. */
export type BacktestSource =
  | { readonly kind: 'recording'; readonly folder: string }
  | { readonly kind: 'captures'; readonly captures: readonly CaptureInput[] }

/** Everything that a run needs, as plain data that can go to another thread. */
export interface BacktestJob {
  readonly source: BacktestSource
  /** YAML file of settings, for captures; a recording brings its own. */
  readonly configFile: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** Settings as `path=value`, later ones win. */
  readonly set: readonly string[]
  /** Taker and maker fee of captures, basis points, decimal text. */
  readonly feeBps: string
  readonly seed: number
}

/** The name under which the fee of captures can be swept, which is no setting of the engine. */
export const feeParameter = 'feeBps'

/** The job with one set of parameters laid over it. */
export function withParameters(job: BacktestJob, parameters: ParameterSet): BacktestJob {
  const entries = Object.entries(parameters)
  return {
    ...job,
    feeBps: parameters[feeParameter] ?? job.feeBps,
    set: [...job.set, ...entries.filter(([path]) => path !== feeParameter).map(([path, value]) => `${path}=${value}`)],
  }
}

/** Settings that a sweep varies, by path. */
export type ParameterSet = Readonly<Record<string, string>>
