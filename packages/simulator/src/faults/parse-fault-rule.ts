import { faultKinds, strangeAnswers, type FaultRule } from './fault-rule.js'

const texts = ['route', 'channel', 'symbol', 'apiKey'] as const
const wholeNumbers = ['skip', 'count', 'afterMs', 'durationMs', 'everyMs', 'delayMs', 'status', 'retryAfterS'] as const
const modes: readonly unknown[] = [undefined, 'cut', 'hang', ...strangeAnswers]
const known = new Set<string>([
  'kind',
  'scope',
  'mode',
  'probability',
  'fraction',
  'offsetMs',
  ...texts,
  ...wholeNumbers,
])

/**
 * Checks a rule that came as JSON.
 *
 * @throws TypeError naming the first member that is unknown or malformed, and what is allowed.
 */
export function parseFaultRule(value: unknown): FaultRule {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError('A fault rule is an object.')
  const rule = value as Record<string, unknown>
  const check = (holds: boolean, name: string, allowed: string): void => {
    if (!holds) throw new TypeError(`'${name}' of a fault rule is ${JSON.stringify(rule[name])}; allowed: ${allowed}.`)
  }
  for (const name of Object.keys(rule))
    if (!known.has(name)) throw new TypeError(`A fault rule has no '${name}'; it has ${[...known].join(', ')}.`)
  check(faultKinds.includes(rule['kind'] as FaultRule['kind']), 'kind', faultKinds.join(', '))
  check([undefined, 'public', 'private'].includes(rule['scope'] as string), 'scope', 'public, private')
  check(modes.includes(rule['mode']), 'mode', modes.slice(1).join(', '))
  for (const name of texts) check(rule[name] === undefined || typeof rule[name] === 'string', name, 'text')
  for (const name of wholeNumbers) {
    const held = rule[name]
    check(held === undefined || (Number.isInteger(held) && (held as number) >= 0), name, 'whole numbers from 0')
  }
  for (const name of ['probability', 'fraction']) {
    const held = rule[name]
    check(held === undefined || (typeof held === 'number' && held >= 0 && held <= 1), name, '0 to 1')
  }
  check(rule['offsetMs'] === undefined || Number.isFinite(rule['offsetMs']), 'offsetMs', 'a number')
  return rule as unknown as FaultRule
}
