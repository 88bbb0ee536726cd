import { Decimal } from '@cex-arbitrage/common'

import { maxPageSize } from '../constants.js'
import { ApiRefusal, type ValidationProblem } from './api-refusal.js'

/** Reads the members of a JSON body and collects what is wrong with them. */
export class RequestBody {
  private readonly members: Readonly<Record<string, unknown>>
  private readonly problems: ValidationProblem[] = []

  /** @throws ApiRefusal The text is no JSON object. */
  constructor(text: string) {
    let value: unknown
    try {
      value = text === '' ? {} : JSON.parse(text)
    } catch {
      const problem = { type: 'json_invalid', loc: ['body', 0], msg: 'JSON decode error', input: {} }
      throw new ApiRefusal(422, [problem])
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      const msg = 'Input should be a valid dictionary or object to extract fields from'
      throw new ApiRefusal(422, [{ type: 'model_attributes_type', loc: ['body'], msg, input: value }])
    }
    this.members = value as Record<string, unknown>
  }

  text(name: string, absent?: string): string {
    const value = this.members[name] ?? absent
    if (value === undefined) return this.missing(name, '')
    return typeof value === 'string' ? value : this.wrong(name, 'string_type', 'Input should be a valid string', '')
  }

  texts(name: string): readonly string[] | undefined {
    const value = this.members[name]
    if (value === undefined || value === null) return undefined
    if (Array.isArray(value) && value.every((item): item is string => typeof item === 'string')) return value
    return this.wrong(name, 'list_type', 'Input should be a valid list', [])
  }

  literal<T extends string>(name: string, allowed: readonly T[], absent?: T): T {
    const value = this.members[name] ?? absent
    if (value === undefined) return this.missing(name, allowed[0]!)
    if (allowed.includes(value as T)) return value as T
    const expected = `${allowed.slice(0, -1).map(quote).join(', ')} or ${quote(allowed.at(-1)!)}`
    return this.wrong(name, 'literal_error', `Input should be ${expected}`, allowed[0]!, { expected })
  }

  flag(name: string, absent: boolean): boolean {
    const value = this.members[name] ?? absent
    return typeof value === 'boolean'
      ? value
      : this.wrong(name, 'bool_parsing', 'Input should be a valid boolean', absent)
  }

  /** A decimal above zero, as number or text. */
  positive(name: string): Decimal {
    const value = this.members[name]
    if (value === undefined) return this.missing(name, Decimal.one)
    const decimal = decimalOf(value)
    if (decimal === undefined)
      return this.wrong(name, 'decimal_parsing', 'Input should be a valid decimal', Decimal.one)
    if (decimal.sign > 0) return decimal
    return this.wrong(name, 'greater_than', 'Input should be greater than 0', Decimal.one, { gt: 0 })
  }

  /** A decimal of any size, or nothing. */
  decimal(name: string): Decimal | undefined {
    const value = this.members[name]
    if (value === undefined || value === null) return undefined
    return decimalOf(value) ?? this.wrong(name, 'decimal_parsing', 'Input should be a valid decimal', undefined)
  }

  /** A whole number from 1 to 1000. */
  count(name: string, absent: number): number {
    const value = this.members[name] ?? absent
    if (typeof value !== 'number' || !Number.isInteger(value))
      return this.wrong(name, 'int_parsing', 'Input should be a valid integer', absent)
    if (value < 1)
      return this.wrong(name, 'greater_than_equal', 'Input should be greater than or equal to 1', absent, { ge: 1 })
    if (value <= maxPageSize) return value
    return this.wrong(name, 'less_than_equal', 'Input should be less than or equal to 1000', absent, {
      le: maxPageSize,
    })
  }

  integer(name: string): number | undefined {
    const value = this.members[name]
    if (value === undefined || value === null) return undefined
    return typeof value === 'number' && Number.isInteger(value)
      ? value
      : this.wrong(name, 'int_parsing', 'Input should be a valid integer', undefined)
  }

  /** @throws ApiRefusal 422 with everything that was wrong so far. */
  check(): void {
    if (this.problems.length > 0) throw new ApiRefusal(422, this.problems)
  }

  private missing<T>(name: string, instead: T): T {
    this.problems.push({ type: 'missing', loc: ['body', name], msg: 'Field required', input: this.members })
    return instead
  }

  private wrong<T>(name: string, type: string, msg: string, instead: T, ctx?: Readonly<Record<string, unknown>>): T {
    this.problems.push({ type, loc: ['body', name], msg, input: this.members[name], ...(ctx !== undefined && { ctx }) })
    return instead
  }
}

const quote = (text: string): string => `'${text}'`

function decimalOf(value: unknown): Decimal | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? Decimal.fromNumber(value) : undefined
  return typeof value === 'string' ? Decimal.tryParse(value.trim()) : undefined
}
