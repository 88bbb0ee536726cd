// Every guard of the invariants, and what takes it away. `search` must occur exactly once in its file, so that a guard
// that moves or changes is noticed here; `test` names the spec and the sentence that must fail without the guard.

/**
 * @typedef {object} Mutation
 * @property {string} id Invariant and a letter.
 * @property {string} guard What is taken away.
 * @property {string} file
 * @property {string} search
 * @property {string} replace
 * @property {{ file: string, name: string }} test
 */

const execution = 'packages/trading/src/execution'
const risk = 'packages/trading/src/risk'
const simulation = 'apps/simulation/src/run/simulate-engine.spec.ts'

/** @type {readonly Mutation[]} */
export const mutations = [
  {
    id: 'S1a',
    guard: 'an order without a journaled intent is not sent',
    file: `${execution}/order-submitter.ts`,
    search: 'if (!leg.isJournaled || permit.clientOrderId !== clientOrderId)',
    replace: 'if (permit.clientOrderId !== clientOrderId)',
    test: {
      file: `${execution}/order-submitter.spec.ts`,
      name: 'sends no order whose intent is not in the journal, and none under the permit of another (S1)',
    },
  },
  {
    id: 'S1b',
    guard: 'the intent is durable before the order leaves',
    file: `${execution}/trade-orders.ts`,
    search: 'await journal.append(records.at(-1)!)',
    replace: 'journal.enqueue(records.at(-1)!)',
    test: {
      file: `${execution}/trade-run.spec.ts`,
      name: 'sends nothing when the journal does not take the intents (S1)',
    },
  },
  {
    id: 'S1c',
    guard: 'an intent is sent again only when nothing was done',
    file: `${execution}/order-submitter.ts`,
    search: "if (failure.recovery !== 'retry' || attempt >= submitAttempts) return undefined",
    replace: 'if (attempt >= submitAttempts) return undefined',
    test: {
      file: `${execution}/trade-run.spec.ts`,
      name: 'keeps its funds reserved until the exchange has answered',
    },
  },
  {
    id: 'S1d',
    guard: 'what is rehearsed ends within the process',
    file: 'packages/exchanges/src/rehearsal/rehearsal-orders.ts',
    search: '      network: new RehearsalNetwork(clock, answer),\n',
    replace: '',
    test: {
      file: 'packages/exchanges/src/rehearsal/rehearsal-orders.spec.ts',
      name: 'reach no socket (S1)',
    },
  },
  {
    id: 'S2a',
    guard: 'no answer is no refusal',
    file: `${execution}/order-submitter.ts`,
    search: "const proven = failure.recovery === 'retry' || (failure.recovery === 'reject' && attempt === 1)",
    replace: 'const proven = attempt >= 1',
    test: {
      file: `${execution}/trade-run.spec.ts`,
      name: 'keeps its funds reserved until the exchange has answered',
    },
  },
  {
    id: 'S2b',
    guard: 'an unknown order keeps its funds',
    file: `${execution}/leg.ts`,
    search: 'const limit = isFinalLegState(this.state) ? this.toldQuantity : this.quantity',
    replace:
      "const limit = isFinalLegState(this.state) || this.state === 'unknown' ? this.toldQuantity : this.quantity",
    test: {
      file: `${execution}/leg.spec.ts`,
      name: 'is unknown, with everything outstanding, when nothing proves what became of it',
    },
  },
  {
    id: 'S2c',
    guard: '"not found" proves nothing before it was said often and late enough',
    file: `${execution}/leg-reconciler.ts`,
    search: 'if (tracked.notFoundAnswers < absentAnswers || this.sinceMs(tracked) < absentAfterMs) return',
    replace: 'if (tracked.notFoundAnswers + absentAnswers + this.sinceMs(tracked) + absentAfterMs < 0) return',
    test: {
      file: `${execution}/trade-run.spec.ts`,
      name: 'that never arrived is given up only after repeated answers and the time that a request may travel',
    },
  },
  {
    id: 'S2d',
    guard: 'an answer cut short proves nothing',
    file: 'packages/networking/src/rest/response-reader.ts',
    search: "throw new Error('The server ended the connection before the answer was whole.')",
    replace: 'return this.complete(false)',
    test: {
      file: 'packages/networking/src/rest/order-lane.spec.ts',
      name: 'leaves open what became of an order whose answer is cut short, and sends it nowhere again (S2)',
    },
  },
  {
    id: 'S2e',
    guard: 'waiting is measured by the clock that nobody sets',
    file: `${execution}/leg-reconciler.ts`,
    search: 'return (this.deps.clock.nowUs() - tracked.liveSinceUs) / usPerMs',
    replace: 'return this.deps.clock.nowMs() - tracked.leg.intendedAtMs',
    test: {
      file: `${execution}/hostile-evidence.spec.ts`,
      name: 'back by an hour does not keep an order that never arrived unknown for an hour',
    },
  },
  {
    id: 'S2f',
    guard: 'an answer about another order is none',
    file: `${execution}/leg-reconciler.ts`,
    search: 'if (!isAbout(leg, update)) {',
    replace: 'if (leg.settled && !isAbout(leg, update)) {',
    test: { file: `${execution}/hostile-evidence.spec.ts`, name: 'teaches nothing about the one that was asked for' },
  },
  {
    id: 'S2g',
    guard: 'fills are looked for as far back as clocks may differ',
    file: `${execution}/clock-margin.ts`,
    search: 'clockMarginMs = 75_000',
    replace: 'clockMarginMs = 10_000',
    test: {
      file: `${execution}/hostile-evidence.spec.ts`,
      name: 'ahead by half a minute before it does not hide its fills',
    },
  },
  {
    id: 'S3a',
    guard: 'a cancelled order is settled only when its fills are known',
    file: `${execution}/leg.ts`,
    search: 'return isFinalLegState(this.state) && !this.fillSum.lessThan(this.toldQuantity)',
    replace: 'return isFinalLegState(this.state)',
    test: {
      file: `${execution}/leg.spec.ts`,
      name: 'is not settled when it was cancelled with fills that have not been seen',
    },
  },
  {
    id: 'S3b',
    guard: 'late evidence opens an ended trade again',
    file: `${execution}/trade-run.ts`,
    search: 'if (this.endedWith === undefined || this.endedWith === this.fingerprint()) return',
    replace: 'if (this.startedAtMs > 0) return',
    test: { file: `${execution}/trade-run.spec.ts`, name: 'that fills late is hedged after the trade had ended (S3)' },
  },
  {
    id: 'S3c',
    guard: 'a request to cancel is not the end of an order',
    file: `${execution}/leg.ts`,
    search: "if (this.cancelRequested) return 'cancel_requested'",
    replace: "if (this.cancelRequested) return 'cancelled'",
    test: { file: `${execution}/leg.spec.ts`, name: 'still may fill while only a cancel has been asked for' },
  },
  {
    id: 'S3d',
    guard: 'what comes while an end is written is not in it',
    file: `${execution}/trade-run.ts`,
    search: 'if (basis !== this.fingerprint()) return this.conclude()',
    replace: "if (basis === '') return this.conclude()",
    test: { file: `${execution}/late-evidence.spec.ts`, name: 'is worked on, not taken for a part of that end (S3)' },
  },
  {
    id: 'S3e',
    guard: 'an order that lives after all is followed again',
    file: `${execution}/trade-run.ts`,
    search: 'this.orders.followAgain()\n',
    replace: '',
    test: { file: `${execution}/late-evidence.spec.ts`, name: 'is followed again when a part of it fills after all' },
  },
  {
    id: 'S3q',
    guard: 'what a quote has filled is hedged while its cancel is under way',
    file: `${execution}/trade-run.ts`,
    search: 'await this.keeper?.hedge(this.legs[0]!)',
    replace: '',
    test: { file: `${execution}/quote-trades.spec.ts`, name: 'has every fill hedged before its cancel has ended (S3)' },
  },
  {
    id: 'S4a',
    guard: 'what a trade leaves over is repaired',
    file: `${execution}/trade-run.ts`,
    search: 'if (this.allSettled) this.allSettled = await this.repair.run(legs)',
    replace: '',
    test: {
      file: simulation,
      name: 'strands nothing, sends nothing twice, leaves no orphan and believes the truth under any schedule, without a halt',
    },
  },
  {
    id: 'S4b',
    guard: 'a residual beyond the bound halts and is named',
    file: `${execution}/trade-run.ts`,
    search: 'this.tellHalt(outcome)\n',
    replace: '',
    test: { file: `${execution}/trade-run.spec.ts`, name: 'halts with the exact exposure when nothing can repair it' },
  },
  {
    id: 'S4c',
    guard: 'each open trade is named in a halt of its own',
    file: `${risk}/kill-switch.ts`,
    search: ' && a.correlationId === b.correlationId',
    replace: '',
    test: { file: `${execution}/late-evidence.spec.ts`, name: 'name each of two trades that cannot be repaired (S4)' },
  },
  {
    id: 'S4d',
    guard: 'a halt names the exposure of now',
    file: `${execution}/trade-run.ts`,
    search: 'if (!isOpen && !halt.causes.some(',
    replace: 'if (!isOpen || halt.causes.some(',
    test: {
      file: `${execution}/late-evidence.spec.ts`,
      name: 'are brought up to date when late evidence changes what is left',
    },
  },
  {
    id: 'S4e',
    guard: 'what the operator is to close is not repaired on top',
    file: `${execution}/trade-repair.ts`,
    search: 'reconciler.isStopped || this.handedOver',
    replace: 'reconciler.isStopped',
    test: {
      file: `${execution}/handed-over.spec.ts`,
      name: 'is left alone by the next start, which halts and names it again (S4)',
    },
  },
  {
    id: 'S4f',
    guard: "what the operator has taken over is nobody's to repair",
    file: `${execution}/trade-repair.ts`,
    search: 'return computeExposures(this.plan, this.withRepairs(legs), this.accepted)',
    replace: 'return computeExposures(this.plan, this.withRepairs(legs), new Map())',
    test: { file: `${execution}/handed-over.spec.ts`, name: 'is repaired by what the answer adds alone' },
  },
  {
    id: 'S4g',
    guard: 'a resumption is remembered by the journal',
    file: `${execution}/ledger-postings.ts`,
    search: 'this.portfolio.post(acceptanceEntries(amounts))\n    this.journal.enqueue({',
    replace: 'this.portfolio.post(acceptanceEntries(amounts))\n    void ({',
    test: {
      file: `${execution}/handed-over.spec.ts`,
      name: 'is no more our position once the operator has resumed, and no later start comes back to it',
    },
  },
  {
    id: 'S4h',
    guard: 'a fill of ours that the journal does not know is named',
    file: `${execution}/order-desk.ts`,
    search: 'if (orphan) this.orphans.tell()',
    replace: '',
    test: {
      file: `${execution}/hostile-evidence.spec.ts`,
      name: 'halts for fills of our orders that it does not know, naming the amount (S4)',
    },
  },
  {
    id: 'S4i',
    guard: 'a trade ends and is named though its repair cannot be planned',
    file: `${execution}/trade-repair.ts`,
    search: "halt.halt({ rule: 'invariant', detail: message, correlationId })\n      return undefined",
    replace: 'throw new Error(message)',
    test: {
      file: `${execution}/trade-run.spec.ts`,
      name: 'still ends, and names the exact exposure, when planning its repair breaks down',
    },
  },
  {
    id: 'S4q',
    guard: 'no repair meets an order of ours that rests',
    file: `${execution}/plan-repair.ts`,
    search: '.filter(({ id }) => !context.resting.some((own) => own.instrument.id === id && own.side !== side))',
    replace: '',
    test: { file: `${execution}/quote-trades.spec.ts`, name: 'is never sold to what is left of the quote itself' },
  },
  {
    id: 'S4r',
    guard: 'what small fills of quotes leave does not add up',
    file: 'packages/trading/src/strategies/cross-exchange-market-making.ts',
    search: "if (this.isOneSided(side)) return 'position'",
    replace: '',
    test: {
      file: 'packages/trading/src/strategies/cross-exchange-market-making.spec.ts',
      name: 'quotes only the side that brings back what is not flat beyond the bound',
    },
  },
  {
    id: 'S5a',
    guard: 'start-up cancels every resting order with our prefix',
    file: `${execution}/journaled-trade-executor.ts`,
    search: 'const cancelled = await this.sweeper.sweep(settings.reconcileDeadlineMs)',
    replace: 'const cancelled: readonly ClientOrderId[] = []',
    test: {
      file: `${execution}/recovery.spec.ts`,
      name: 'cancels every resting order with our prefix and leaves those of others alone (S5)',
    },
  },
  {
    id: 'S5b',
    guard: 'start-up adopts what the journal knows',
    file: `${execution}/journaled-trade-executor.ts`,
    search: 'for await (const record of journal.replay()) replay.take(record)',
    replace: 'for await (const record of journal.replay()) void record',
    test: { file: simulation, name: 'survives its end at every journal write while one leg fails' },
  },
  {
    id: 'S5c',
    guard: 'after the proof of a stop nothing is sent any more',
    file: `${execution}/trade-repair.ts`,
    search: 'if (reconciler.isStopped || this.handedOver) return true\n',
    replace: '',
    test: {
      file: `${execution}/late-evidence.spec.ts`,
      name: 'sends nothing any more for a trade that late evidence has opened again',
    },
  },
  {
    id: 'S6a',
    guard: 'a gap in the sequence makes a book wrong',
    file: 'packages/exchanges/src/synchronization/book-synchronizer.ts',
    search: 'if (changes.firstSequence > book.sequence + 1) {\n      this.tally.gaps++\n      this.buffer.clear()',
    replace: 'if (changes.firstSequence < 0) {\n      this.tally.gaps++\n      this.buffer.clear()',
    test: {
      file: 'packages/exchanges/src/synchronization/book-synchronizer.spec.ts',
      name: 'never trusts a wrong book, whatever is dropped, repeated or put out of order',
    },
  },
  {
    id: 'S6b',
    guard: 'an old book is not quoted from',
    file: 'packages/common/src/types/order-book.ts',
    search: "if (nowUs - this.receivedAtUs > maxAgeUs) return 'stale'",
    replace: '',
    test: {
      file: 'packages/common/src/types/order-book.spec.ts',
      name: 'says the first reason for which it may not be quoted from',
    },
  },
  {
    id: 'S6c',
    guard: 'two books are compared only when about equally old',
    file: 'packages/trading/src/market-data/quotability.ts',
    search: "return Math.abs(one.receivedAtUs - other.receivedAtUs) > limits.maxAgeSkewUs ? 'age_skew' : undefined",
    replace: 'return undefined',
    test: {
      file: 'packages/trading/src/market-data/market-board.spec.ts',
      name: 'wants both books trusted, young and about equally old',
    },
  },
  {
    id: 'S6d',
    guard: 'a broken connection makes its books wrong',
    file: 'packages/exchanges/src/synchronization/book-synchronizer.ts',
    search: "this.quarantine('disconnected')",
    replace: '',
    test: {
      file: 'packages/exchanges/src/synchronization/book-synchronizer.spec.ts',
      name: 'is wrong from the moment its connection breaks, and asks anew on the next',
    },
  },
  {
    id: 'S6e',
    guard: 'a server that breaks the protocol ends the epoch',
    file: 'packages/networking/src/websocket/network-socket.ts',
    search: 'this.onViolation(error)',
    replace: '',
    test: {
      file: 'packages/networking/src/websocket/socket-link.spec.ts',
      name: 'is an epoch that ends when its server breaks the protocol (S6)',
    },
  },
  {
    id: 'S6f',
    guard: 'nothing comes from an epoch that has ended',
    file: 'packages/networking/src/websocket/socket-link.ts',
    search: 'if (this.isDown) return\n    owner',
    replace: 'owner',
    test: {
      file: 'packages/networking/src/websocket/socket-link.spec.ts',
      name: 'brings nothing once its epoch has ended, whatever it still delivers (S6)',
    },
  },
  {
    id: 'S6q',
    guard: 'a quote is pulled when a book of it loses trust',
    file: `${execution}/quote-watch.ts`,
    search: "if (now === undefined) return 'untrusted_book'",
    replace: 'if (now === undefined) return undefined',
    test: {
      file: `${execution}/quote-trades.spec.ts`,
      name: 'when the book of its hedge is not to be trusted',
    },
  },
  {
    id: 'S6r',
    guard: 'a quote is pulled when its hedge price has moved',
    file: `${execution}/quote-watch.ts`,
    search: "return isInFavour && this.restedMs < minRestMs ? undefined : 'moved'",
    replace: 'return undefined',
    test: {
      file: `${execution}/quote-trades.spec.ts`,
      name: 'when hedging it has come to bring less by more than the tolerance',
    },
  },
  {
    id: 'S7a',
    guard: 'postings sum to zero per asset',
    file: 'packages/trading/src/portfolio/ledger.ts',
    search: 'if (!sum.isZero)',
    replace: 'if (!sum.isZero && sums.size > 99)',
    test: {
      file: 'packages/trading/src/portfolio/ledger.spec.ts',
      name: 'refuses entries that do not balance and posts none of them',
    },
  },
  {
    id: 'S7b',
    guard: 'an unexplained difference halts its asset',
    file: 'packages/trading/src/portfolio/balance-auditor.ts',
    search: "this.deps.halt.halt({ rule: 'ledger_mismatch', asset: pair.asset, exchange, detail })",
    replace: 'void detail',
    test: {
      file: `${execution}/recovery.spec.ts`,
      name: 'halts the asset when a difference stands that no fill explains (S7)',
    },
  },
  {
    id: 'S7c',
    guard: 'a fill is booked once, however often it is told',
    file: `${execution}/leg.ts`,
    search: 'if (this.fillsById.has(fill.fillId)) return false',
    replace: '',
    test: {
      file: `${execution}/leg.spec.ts`,
      name: 'comes to the same end whatever the order of the evidence and however often each piece comes',
    },
  },
  {
    id: 'S7d',
    guard: 'fills that cannot all be true are not traded on',
    file: `${execution}/leg.ts`,
    search: ' && !this.contradicted',
    replace: '',
    test: {
      file: `${execution}/hostile-evidence.spec.ts`,
      name: 'are not traded on but halted upon, when they add up to more than was ordered',
    },
  },
  {
    id: 'S7e',
    guard: 'a balance shown late is no transfer',
    file: `${execution}/account-audit.ts`,
    search: "'adopt' && i >= adoptAfter(settings)",
    replace: "'adopt' && i >= 1 + 0 * adoptAfter(settings)",
    test: {
      file: `${execution}/recovery.spec.ts`,
      name: 'takes no difference for a transfer that is only a balance shown late',
    },
  },
  {
    id: 'S7q',
    guard: 'balances are compared while quotes rest',
    file: 'packages/trading/src/portfolio/order-reservations.ts',
    search: "(leg) => !leg.rests || leg.state !== 'acknowledged'",
    replace: '() => true',
    test: {
      file: `${execution}/quote-trades.spec.ts`,
      name: 'does not keep the ledger from being compared while it rests (S7)',
    },
  },
  {
    id: 'S8a',
    guard: 'no size whose unwind would be refused',
    file: 'packages/trading/src/sizing/unwind-rules.ts',
    search:
      'isUnwindLargeEnough(buyBook, sellBackLots(buyBook, terms.arriving(pair.buyUnits)), limits.unwindMargin) &&',
    replace: '',
    test: {
      file: 'packages/trading/src/sizing/size-joint-trade.spec.ts',
      name: 'refuses a size whose unwind falls below the least notional once prices are worse by the margin',
    },
  },
  {
    id: 'S8b',
    guard: 'no order below the least notional of its venue',
    file: 'packages/trading/src/sizing/order-rules.ts',
    search: "if (notional.lessThan(instrument.minNotional)) return 'below_minimum'",
    replace: '',
    test: {
      file: 'packages/trading/src/sizing/brute-force.spec.ts',
      name: 'finds a legal size whenever there is one, never an illegal one, and gives away less than one lot',
    },
  },
  {
    id: 'S8c',
    guard: 'the funds of both legs are reserved before anything is awaited',
    file: 'packages/trading/src/portfolio/portfolio.ts',
    search:
      'const left = this.total(exchange, asset).minus(this.reservations.reserved(exchange, asset)).minus(foreign)',
    replace: 'const left = this.total(exchange, asset).minus(foreign)',
    test: {
      file: `${execution}/trade-run.spec.ts`,
      name: 'reserves the funds of both legs before anything is awaited',
    },
  },
  {
    id: 'S8q',
    guard: 'no quote of which a part could not be hedged',
    file: 'packages/trading/src/sizing/size-quote.ts',
    search: "if (!hasLegalPartialHedges(request, hedge)) return 'below_minimum'",
    replace: '',
    test: {
      file: 'packages/trading/src/sizing/size-quote.spec.ts',
      name: 'is refused where a fill that is worth more than the bound would have no legal hedge',
    },
  },
  {
    id: 'S8r',
    guard: 'no quote that would take',
    file: 'packages/trading/src/sizing/evaluate-quote.ts',
    search: "return Math.min(buy.priceToTicks(price, 'down'), belowAsk)",
    replace: "return buy.priceToTicks(price, 'down')",
    test: {
      file: 'packages/trading/src/sizing/size-quote.spec.ts',
      name: 'stays a tick off the other side of its book',
    },
  },
  {
    id: 'S8s',
    guard: 'only the leg of a quote may rest, and only post-only',
    file: 'packages/trading/src/risk/risk-gate.ts',
    search: 'if (!isExecutedAsPlanned(plan, order.execution))',
    replace: 'if (plan.legs.length < 0)',
    test: {
      file: 'packages/trading/src/risk/quote-permits.spec.ts',
      name: 'is for an order that rests and takes nothing, and for no other',
    },
  },
  {
    id: 'S4t',
    guard: 'a leg is cut to what was filled of the plan, not of the cut leg before it',
    file: `${execution}/trade-run.ts`,
    search: '.dividedBy(before.instrument.lotsToQuantity(before.quantityLots), instrument.quantityDecimals, ',
    replace: '.dividedBy(this.legs[index - 1]!.leg.quantity, instrument.quantityDecimals, ',
    test: {
      file: `${execution}/cycle-trades.spec.ts`,
      name: 'cuts each of the legs in turn to what its predecessor filled of the plan',
    },
  },
  {
    id: 'S8t',
    guard: 'no cycle whose leg could not be unwound alone',
    file: 'packages/trading/src/sizing/evaluate-cycle.ts',
    search: '    cycleUnwindExcess(request, orders) ??\n',
    replace: '',
    test: {
      file: 'packages/trading/src/sizing/cycle-brute-force.spec.ts',
      name: 'finds a legal size whenever there is one, never an illegal one, and gives away less than one step of each order',
    },
  },
  {
    id: 'S8u',
    guard: 'every order of a cycle brings what the next one takes',
    file: 'packages/trading/src/sizing/chain-orders.ts',
    search: '    terms.opening.arrivingShare,',
    replace: '    terms.opening.fundsFactor,',
    test: {
      file: 'packages/trading/src/sizing/cycle-brute-force.spec.ts',
      name: 'finds a legal size whenever there is one, never an illegal one, and gives away less than one step of each order',
    },
  },
  {
    id: 'S8v',
    guard: 'legs in turn are funded by what those before bring, and by no more',
    file: `${risk}/leg-funds.ts`,
    search: 'if (available.lessThan(need.amount))',
    replace: "if (sending === 'concurrent' && available.lessThan(need.amount))",
    test: {
      file: `${risk}/leg-funds.spec.ts`,
      name: 'lets a leg that waits spend what those before have brought, and no more',
    },
  },
  {
    id: 'S9a',
    guard: 'a trade is admitted with its unwind',
    file: `${risk}/rate-admission.ts`,
    search: 'orders: legs + plan.surplusPrices.size,',
    replace: 'orders: legs,',
    test: {
      file: `${risk}/risk-gate.spec.ts`,
      name: 'sets aside the calls of legs, cancels and unwind on both exchanges, or on none',
    },
  },
  {
    id: 'S9b',
    guard: 'cancels and hedges have a reserve',
    file: 'packages/networking/src/rest/rate-window.ts',
    search: 'this.sharedCapacity = spec.capacity - (spec.reserve ?? 0)',
    replace: 'this.sharedCapacity = spec.capacity',
    test: {
      file: 'packages/networking/src/rest/rate-limiter.spec.ts',
      name: 'keeps the reserve for hedges and cancels',
    },
  },
  {
    id: 'S9q',
    guard: 'a quote is admitted with its hedge',
    file: 'packages/trading/src/risk/rate-admission.ts',
    search: 'const orders = ordersOf(plan)',
    replace: 'const orders = plan.legs',
    test: {
      file: 'packages/trading/src/risk/quote-permits.spec.ts',
      name: 'counts its hedge in exposure, funds, orders and rate budget',
    },
  },
  {
    id: 'S9r',
    guard: 'quotes of one side keep their distance',
    file: 'packages/trading/src/strategies/cross-exchange-market-making.ts',
    search: 'side.rest(nowUs + this.deps.options.requoteMinIntervalMs * usPerMs)',
    replace: '',
    test: {
      file: 'packages/trading/src/strategies/cross-exchange-market-making.spec.ts',
      name: 'asks again no sooner than the least interval, whatever came of it',
    },
  },
  {
    id: 'S10a',
    guard: 'a halt between journal and wire stops the trade',
    file: `${execution}/trade-run.ts`,
    search: 'return this.context.halt.causeFor(assetsOf(this.plan)) !== undefined',
    replace: 'return assetsOf(this.plan).length < 0',
    test: { file: `${execution}/trade-run.spec.ts`, name: 'stops between the journal and the wire when a halt comes' },
  },
  {
    id: 'S10b',
    guard: 'nothing is approved while a halt stands',
    file: `${risk}/risk-gate.ts`,
    search: 'const cause = this.deps.halt.causeFor(assetsOf(plan))\n    if (cause === undefined) return undefined',
    replace:
      "const cause = this.deps.halt.causeFor(assetsOf(plan))\n    if (cause === undefined || cause.rule !== 'shutdown') return undefined",
    test: {
      file: 'packages/trading/src/engine/trading-engine.spec.ts',
      name: 'opens nothing from the moment of a halt, and again once it is taken back',
    },
  },
  {
    id: 'S10c',
    guard: 'a halt does not stop hedges',
    file: `${risk}/risk-gate.ts`,
    search: 'const beyond = bandRefusal(this.deps, order, this.deps.limits.maxHedgePriceDeviation)',
    replace:
      "if (this.deps.halt.causes.length > 0) throw this.refused(order, 'halted')\n    const beyond = bandRefusal(this.deps, order, this.deps.limits.maxHedgePriceDeviation)",
    test: { file: `${risk}/risk-gate.spec.ts`, name: 'are given to hedges while trading is halted' },
  },
  {
    id: 'S10d',
    guard: 'a stop is heard before the start has ended',
    file: 'apps/arbitrage-runner/src/lifecycle/engine-host.ts',
    search: 'announceStop(): void {\n    this.killSwitch.halt(',
    replace: 'announceStop(): void {\n    void (',
    test: {
      file: 'apps/arbitrage-runner/src/lifecycle/engine-host.spec.ts',
      name: 'opens nothing when it is asked to stop before its start has ended',
    },
  },
  {
    id: 'S10q',
    guard: 'a halt pulls quotes at once',
    file: `${execution}/quote-watch.ts`,
    search: "if (this.context.halt.causeFor(assetsOf(this.plan)) !== undefined) return 'halted'",
    replace: '',
    test: { file: `${execution}/quote-trades.spec.ts`, name: 'when trading is halted' },
  },
  {
    id: 'S10r',
    guard: 'what the risk gate has against a quote pulls it',
    file: `${execution}/quote-watch.ts`,
    search: 'this.cause() ?? this.context.approver.reviewQuote(this.plan)?.cause',
    replace: 'this.cause()',
    test: { file: `${execution}/quote-trades.spec.ts`, name: 'when the risk gate has something against it' },
  },
  {
    id: 'S11a',
    guard: 'a secret does not print',
    file: 'packages/config/src/core/secret.ts',
    search: 'toJSON(): string {\n    return redacted',
    replace: 'toJSON(): string {\n    return this.#text',
    test: { file: 'packages/config/src/core/secret.spec.ts', name: 'does not show in JSON.stringify' },
  },
  {
    id: 'S11b',
    guard: 'a key that may withdraw is refused',
    file: 'apps/arbitrage-runner/src/composition/connect-venues.ts',
    search: 'if (rights.canWithdraw === true && !settings.allowWithdrawPermission)',
    replace: 'if (rights.canWithdraw === true && settings.marketTypes.length < 0)',
    test: {
      file: 'apps/arbitrage-runner/src/composition/connect-venues.spec.ts',
      name: 'refuses a key that may withdraw, unless the configuration allows it',
    },
  },
  {
    id: 'S11c',
    guard: 'a token that the engine made is printed on a terminal alone',
    file: 'apps/arbitrage-runner/src/cli/commands/run.ts',
    search: 'onTerminal && madeToken !== undefined',
    replace: 'madeToken !== undefined',
    test: {
      file: 'apps/arbitrage-runner/src/security/canaries.isolated.spec.ts',
      name: 'that the engine made stands in the control file alone',
    },
  },
  {
    id: 'S12a',
    guard: 'chance comes from the seed alone',
    file: `${execution}/leg-reconciler.ts`,
    search: 'maxMs: ceilingMs / 2 }, this.deps.random)',
    replace: 'maxMs: ceilingMs / 2 }, { next: () => Math.random() })',
    test: { file: simulation, name: 'gives the same journals for the same seed, and others for another' },
  },
  {
    id: 'S12b',
    guard: 'every record is in the hash',
    file: `${execution}/hashing-journal.ts`,
    search: 'enqueue(record: ExecutionRecord): void {\n    this.unhashed.push(record)',
    replace: 'enqueue(record: ExecutionRecord): void {',
    test: {
      file: `${execution}/execution-record-codec.spec.ts`,
      name: 'has one hash for one sequence of records, whichever way they came',
    },
  },
  {
    id: 'S12c',
    guard: 'a record out of its place is refused',
    file: 'packages/storage/src/journal/frame.ts',
    search: 'if (nextSequence !== undefined && frame.sequence !== nextSequence) break',
    replace: '',
    test: {
      file: 'packages/storage/src/journal/journal-damage.spec.ts',
      name: 'are refused in a sealed segment of the same length too',
    },
  },
  {
    id: 'S12d',
    guard: 'a checkpoint that does not verify is passed over',
    file: 'packages/storage/src/journal/checkpoint-file.ts',
    search: 'bytes.readUInt32LE(8) !== segment || bytes.readUInt32LE(16) !== crc32(head)',
    replace: 'head.length === 0',
    test: {
      file: 'packages/storage/src/journal/journal-damage.spec.ts',
      name: 'of another history, or behind the newest segment that is left, is passed over',
    },
  },
  {
    id: 'S12e',
    guard: 'a checkpoint stands for what all records have come to',
    file: `${execution}/create-trade-executor.ts`,
    search: 'captureExecutionState(portfolio, desk, rememberedTrades, clock.nowMs())',
    replace: '({ ...captureExecutionState(portfolio, desk, rememberedTrades, clock.nowMs()), ledger: [] })',
    test: {
      file: `${execution}/checkpoint.spec.ts`,
      name: 'comes to what a replay of every record comes to, wherever the process died (S12)',
    },
  },
  {
    id: 'S12f',
    guard: 'a trade is forgotten by record, not by the clock',
    file: `${execution}/journaled-trade-executor.ts`,
    search: 'for (const run of forgotten) desk.prune(run.tracked)\n    const correlationIds',
    replace:
      'for (const run of forgotten) desk.prune(run.tracked)\n    if (nowUs > 0) return\n    const correlationIds',
    test: {
      file: `${execution}/checkpoint.spec.ts`,
      name: 'carries records that the codec takes, and no more than the trades still remembered',
    },
  },
]
