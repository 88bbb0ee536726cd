// The signature of a Gate.io order: the engine's signer beside the same hashes in JavaScript, which is what ccxt uses.
import { fileURLToPath } from 'node:url'
import { Secret } from '@cex-arbitrage/config'
import { hmac } from '@noble/hashes/hmac.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { measureRounds, median, ratioOf } from './support/rounds.mjs'
// The signer is no part of what its package offers to others.
import { GateioSigner } from '../../packages/exchanges/dist/implementations/gateio/signer.js'

export const title = 'Signature of a Gate.io order: SHA-512 of the body, HMAC-SHA512 of the request'

const options = { rounds: 7, perRound: 2_000, warmUp: 20_000 }
const goal = 4
const secret = 'bench-secret-bench-secret-bench-secret-bench-secret-bench-secret'
const timestamp = '1755000000'

/** @returns {Promise<object[]>} rows of the benchmark table */
export async function run() {
  const ours = { name: "the engine's signer", prepare: () => undefined, run: createOurs() }
  const noble = { name: '@noble/hashes', prepare: () => undefined, run: createNoble() }
  if (ours.run(1) !== noble.run(1)) throw new Error('the signatures differ')
  const results = measureRounds([ours, noble], options)
  return [
    { name: noble.name, medianNs: median(results.get(noble.name)) },
    {
      name: ours.name,
      medianNs: median(results.get(ours.name)),
      ratio: ratioOf(results, noble.name, ours.name),
      goal,
      goalId: '21',
    },
  ]
}

const requestOf = (index) => ({
  method: 'POST',
  path: '/api/v4/spot/orders',
  queryText: '',
  bodyText: `{"currency_pair":"BTC_USDT","type":"limit","side":"buy","amount":"0.0${index}","price":"63000.1"}`,
})

function createOurs() {
  const signer = new GateioSigner({ apiKey: new Secret('key'), secret: new Secret(secret) }, Date.now)
  return (index) => signer.signRest(requestOf(index), timestamp).SIGN
}

function createNoble() {
  const bytes = (text) => Buffer.from(text)
  return (index) => {
    const { method, path, queryText, bodyText } = requestOf(index)
    const bodyHash = Buffer.from(sha512(bytes(bodyText))).toString('hex')
    const text = `${method}\n${path}\n${queryText}\n${bodyHash}\n${timestamp}`
    return Buffer.from(hmac(sha512, bytes(secret), bytes(text))).toString('hex')
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify({ title, rows: await run() }))
  process.exit(0)
}
