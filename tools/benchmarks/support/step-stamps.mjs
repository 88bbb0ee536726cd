// Stamps the steps of one trigger inside the engine, by wrapping the methods at which they begin or end.
const dist = (path) => import(new URL(`../../../packages/${path}`, import.meta.url).href)

/** Steps in the order in which a trigger passes them; the first stamp of each counts. */
export const steps = [
  'change of the board',
  'plan',
  'approval',
  'funds reserved',
  'journal asked',
  'journal answered',
  'first order mapped',
  'first order signed',
  'first order written',
  'second order written',
]

export class StepStamps {
  #at = new Map()
  #undo = []
  #writes = 0

  async install() {
    const { TradingEngine } = await dist('trading/dist/engine/trading-engine.js')
    const { SpotSpotStrategy } = await dist('trading/dist/strategies/spot-spot.js')
    const { RiskGate } = await dist('trading/dist/risk/risk-gate.js')
    const { TradeRun } = await dist('trading/dist/execution/trade-run.js')
    const { HashingJournal } = await dist('trading/dist/execution/hashing-journal.js')
    const { OrderSubmitter } = await dist('trading/dist/execution/order-submitter.js')
    const { RestClient } = await dist('networking/dist/rest/rest-client.js')
    const { LaneSocket } = await dist('networking/dist/rest/lane-socket.js')
    const { GateioSigner } = await dist('exchanges/dist/implementations/gateio/signer.js')
    const { MexcSigner } = await dist('exchanges/dist/implementations/mexc/signer.js')
    this.#wrap(TradingEngine, 'onMarketChange', (call) => {
      this.#stamp('change of the board', true)
      return call()
    })
    this.#wrap(SpotSpotStrategy, 'evaluate', (call) => {
      const verdict = call()
      if (typeof verdict !== 'string') this.#stamp('plan')
      return verdict
    })
    this.#wrap(RiskGate, 'approveTrade', (call) => {
      const decision = call()
      if (!('cause' in decision)) this.#stamp('approval')
      return decision
    })
    this.#wrap(TradeRun, 'run', (call) => {
      this.#stamp('funds reserved')
      return call()
    })
    this.#wrap(HashingJournal, 'append', (call) => {
      this.#stamp('journal asked')
      return call()
    })
    this.#wrap(OrderSubmitter, 'submit', (call) => {
      this.#stamp('journal answered')
      return call()
    })
    this.#wrap(RestClient, 'send', (call) => {
      this.#stamp('first order mapped')
      return call()
    })
    for (const signer of [GateioSigner, MexcSigner])
      this.#wrap(signer, 'sign', (call) => {
        const signature = call()
        this.#stamp('first order signed')
        return signature
      })
    this.#wrap(LaneSocket, 'send', (call) => {
      call()
      this.#stamp(this.#writes++ === 0 ? 'first order written' : 'second order written')
    })
  }

  uninstall() {
    for (const undo of this.#undo.splice(0)) undo()
  }

  begin() {
    this.#at.clear()
    this.#writes = 0
  }

  /**
   * Microseconds of each step.
   *
   * @param {number} frameAt - Milliseconds at which the frame came out of the socket.
   * @returns {Record<string, number> | undefined} `undefined` when a step is missing
   */
  end(frameAt) {
    let before = frameAt
    const took = {}
    for (const step of steps) {
      const at = this.#at.get(step)
      if (at === undefined) return undefined
      took[step] = (at - before) * 1000
      before = at
    }
    return took
  }

  #stamp(step, again = false) {
    if (again ? !this.#at.has('plan') : !this.#at.has(step)) this.#at.set(step, performance.now())
  }

  #wrap(owner, name, around) {
    const method = owner.prototype[name]
    owner.prototype[name] = function (...args) {
      return around(() => method.apply(this, args))
    }
    this.#undo.push(() => (owner.prototype[name] = method))
  }
}
