import { InvalidArgumentError } from 'commander'
import type { ParameterSet } from './backtest-job.js'

/** One setting and the values that it takes. */
export interface SweptParameter {
  readonly path: string
  readonly values: readonly string[]
}

const maxValues = 10_000

/**
 * Reads `path=1,2,5` or `path=1..10:0.5` (from, to, step).
 *
 * @throws InvalidArgumentError
 */
export function parseSweep(text: string): SweptParameter {
  const at = text.indexOf('=')
  const path = text.slice(0, at)
  if (at <= 0 || at === text.length - 1) throw new InvalidArgumentError('Write path=value,value or path=from..to:step.')
  const values = text
    .slice(at + 1)
    .split(',')
    .flatMap(expand)
  if (values.length > maxValues) throw new InvalidArgumentError(`These are more than ${maxValues} values.`)
  return { path, values: [...new Set(values)] }
}

/** Every combination, the last parameter changing fastest; one empty set without parameters. */
export function combine(parameters: readonly SweptParameter[]): readonly ParameterSet[] {
  return parameters.reduce<readonly ParameterSet[]>(
    (sets, { path, values }) => sets.flatMap((set) => values.map((value) => ({ ...set, [path]: value }))),
    [{}],
  )
}

function expand(part: string): string[] {
  const range = /^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(part)
  if (range === null) return [part]
  const [from, to, step] = [Number(range[1]), Number(range[2]), Number(range[3])]
  if (step <= 0 || to < from) throw new InvalidArgumentError('A range goes up, by a step above 0.')
  const count = Math.floor((to - from) / step + 1e-9) + 1
  if (count > maxValues) throw new InvalidArgumentError(`These are more than ${maxValues} values.`)
  return Array.from({ length: count }, (_, index) => String(Number((from + index * step).toPrecision(12))))
}
