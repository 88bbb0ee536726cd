import type { Clock, Random } from '@cex-arbitrage/common'

import type { ActiveFault, FaultKind, FaultOccasion, FaultRule } from './fault-rule.js'

interface MutableFault {
  readonly id: string
  readonly rule: FaultRule
  readonly addedAtMs: number
  readonly route: RegExp | undefined
  readonly channel: RegExp | undefined
  seen: number
  injected: number
  retired: boolean
}

/** Holds the fault rules of a venue and decides on each occasion which of them acts. */
export class FaultEngine {
  private readonly faults = new Map<string, MutableFault>()
  private readonly totals = new Map<FaultKind, number>()
  private readonly listeners: ((fault: ActiveFault) => void)[] = []
  private added = 0

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** Adds a rule and returns its id. */
  add(rule: FaultRule): string {
    const id = `fault-${++this.added}`
    const fault = {
      id,
      rule,
      addedAtMs: this.clock.nowMs(),
      route: pattern(rule.route),
      channel: pattern(rule.channel),
      seen: 0,
      injected: 0,
      retired: false,
    }
    this.faults.set(id, fault)
    for (const listener of this.listeners) listener(fault)
    return id
  }

  /** `false` when there is no such rule. */
  remove(id: string): boolean {
    return this.faults.delete(id)
  }

  clear(): void {
    this.faults.clear()
  }

  /** Told of every rule at the moment it is added; for faults that act at once, such as a disconnect. */
  onAdd(listener: (fault: ActiveFault) => void): void {
    this.listeners.push(listener)
  }

  get rules(): readonly ActiveFault[] {
    return [...this.faults.values()].map(({ id, rule, injected, retired }) => ({ id, rule, injected, retired }))
  }

  /** How often each kind has acted, also by rules removed since. */
  get injected(): Readonly<Partial<Record<FaultKind, number>>> {
    return Object.fromEntries(this.totals)
  }

  /** The first rule of one of `kinds` that acts now, counted; `undefined` on most occasions. */
  take(kinds: readonly FaultKind[], occasion: FaultOccasion): FaultRule | undefined {
    for (const fault of this.faults.values()) {
      if (!kinds.includes(fault.rule.kind) || !this.applies(fault, occasion)) continue
      if (fault.seen++ < (fault.rule.skip ?? 0)) continue
      if (fault.rule.probability !== undefined && this.random.next() >= fault.rule.probability) continue
      this.count(fault)
      return fault.rule
    }
    return undefined
  }

  /** Counts an occasion on which the owner of rule `id` acted by itself. */
  record(id: string): void {
    const fault = this.faults.get(id)
    if (fault !== undefined) this.count(fault)
  }

  /** The rule of `kind` that is in force, without counting; for states such as clock skew. */
  inForce(kind: FaultKind, occasion: FaultOccasion = {}): FaultRule | undefined {
    for (const fault of this.faults.values())
      if (fault.rule.kind === kind && this.applies(fault, occasion)) return fault.rule
    return undefined
  }

  private count(fault: MutableFault): void {
    fault.injected++
    this.totals.set(fault.rule.kind, (this.totals.get(fault.rule.kind) ?? 0) + 1)
    if (fault.rule.count !== undefined && fault.injected >= fault.rule.count) fault.retired = true
  }

  private applies(fault: MutableFault, occasion: FaultOccasion): boolean {
    const { rule } = fault
    if (fault.retired || !this.isDue(fault)) return false
    if (fault.route !== undefined && !fault.route.test(occasion.route ?? '')) return false
    if (fault.channel !== undefined && !fault.channel.test(occasion.channel ?? '')) return false
    if (rule.scope !== undefined && rule.scope !== occasion.scope) return false
    if (rule.symbol !== undefined && rule.symbol !== occasion.symbol) return false
    return rule.apiKey === undefined || rule.apiKey === occasion.apiKey
  }

  private isDue({ rule, addedAtMs }: MutableFault): boolean {
    const sinceMs = this.clock.nowMs() - addedAtMs - (rule.afterMs ?? 0)
    if (sinceMs < 0) return false
    const phaseMs = rule.everyMs === undefined || rule.everyMs === 0 ? sinceMs : sinceMs % rule.everyMs
    return rule.durationMs === undefined || phaseMs < rule.durationMs
  }
}

function pattern(text: string | undefined): RegExp | undefined {
  if (text === undefined) return undefined
  const parts = text.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 'i')
}
