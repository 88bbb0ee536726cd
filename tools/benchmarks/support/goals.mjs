// What the engine is to reach, as ratios within one run. `id` is the `goalId` of the row that measures it; `factor` belongs to
// goals of the kind "at most so many": the row's ratio is that many over what was measured.

/** @typedef {{ id: string, text: string, floor: string, bench: string, factor?: number }} Goal */

/** @type {readonly Goal[]} */
export const goals = [
  {
    id: '1',
    text: 'Gate.io push of 27 levels, book of 100 levels, against ccxt pro (`obu`)',
    floor: '8x',
    bench: 'gateio-book',
  },
  { id: '2', text: 'the same against gateio-api with orderbooks', floor: '12x', bench: 'gateio-book' },
  { id: '3-1000', text: 'the same in a book of 1,000 levels, against ccxt pro', floor: '15x', bench: 'book-depth' },
  { id: '3-5000', text: 'the same in a book of 5,000 levels, against ccxt pro', floor: '35x', bench: 'book-depth' },
  { id: '4', text: 'MEXC push of 27 levels against ccxt pro', floor: '8x', bench: 'mexc-book' },
  { id: '5-gateio', text: 'decoding and booking against `JSON.parse` alone', floor: '3.5x', bench: 'gateio-book' },
  { id: '5-mexc', text: 'decoding and booking against protobufjs decoding alone', floor: '2x', bench: 'mexc-book' },
  {
    id: '6',
    text: 'time as a multiple of a loop that only reads every byte',
    floor: 'at most 5x',
    bench: 'gateio-book',
    factor: 5,
  },
  { id: '7-gateio', text: 'heap bytes a Gate.io push', floor: 'at most 128', bench: 'gateio-book', factor: 128 },
  { id: '7-mexc', text: 'heap bytes a MEXC push', floor: 'at most 128', bench: 'mexc-book', factor: 128 },
  {
    id: '7-collections',
    text: 'collections of garbage in 180,000 pushes',
    floor: '0',
    bench: 'gateio-book',
    factor: 0,
  },
  {
    id: '8-small',
    text: 'socket to book, small frames, CPU against a `watchOrderBook` loop',
    floor: '9x',
    bench: 'socket-to-book',
  },
  { id: '8-27', text: 'the same with 27 levels', floor: '9x', bench: 'socket-to-book' },
  {
    id: '9-small',
    text: 'socket to book, small frames, CPU as a multiple of ws doing nothing',
    floor: 'at most 1.3x',
    bench: 'socket-to-book',
    factor: 1.3,
  },
  { id: '9-27', text: 'the same with 27 levels', floor: 'at most 3x', bench: 'socket-to-book', factor: 3 },
  { id: '10-plain', text: 'WebSocket frames to a handler, CPU against ws', floor: '4x', bench: 'websocket-ingest' },
  { id: '10-TLS', text: 'the same through TLS', floor: '1.3x', bench: 'websocket-ingest' },
  {
    id: '11',
    text: 'tick to the first order written, median, against ccxt pro, orders armed',
    floor: '9x',
    bench: 'tick-to-trade',
  },
  { id: '12', text: 'the same, 99th percentile', floor: '10x', bench: 'tick-to-trade' },
  {
    id: '13',
    text: 'tick to the first order written, signed on the tick, median, against ccxt pro',
    floor: '4.5x',
    bench: 'tick-to-trade',
  },
  {
    id: '14',
    text: 'the same as a multiple of ready bytes without decoding',
    floor: 'at most 1.7x',
    bench: 'tick-to-trade',
    factor: 1.7,
  },
  { id: '15', text: 'second order written after the first, median', floor: 'at most 40 µs', bench: 'tick-to-trade' },
  { id: '16', text: 'crossings of 4 ms missed', floor: '0', bench: 'tick-to-trade', factor: 0 },
  { id: '17', text: 'order path against a request of undici, median to the wire', floor: '1.6x', bench: 'order-path' },
  {
    id: '18-typed',
    text: 'one change against a scan of everything in typed arrays, 5 exchanges of 100 symbols',
    floor: '30x',
    bench: 'opportunity-scan',
  },
  { id: '18-objects', text: 'the same against objects and text keys', floor: '3,000x', bench: 'opportunity-scan' },
  {
    id: '19',
    text: 'triangles of the worst of 500 markets against Bellman-Ford',
    floor: '20x',
    bench: 'triangular-scan',
  },
  {
    id: '20',
    text: 'record of a change that is not traded against a line of pino',
    floor: '50x',
    bench: 'hot-path-record',
  },
  { id: '21', text: 'signature of a Gate.io order against @noble/hashes', floor: '4x', bench: 'signature' },
  { id: '22', text: 'memory of a book of 100 levels against ccxt', floor: '2.5x', bench: 'footprint' },
  {
    id: '23-start',
    text: 'start until all modules are there, against ccxt with two exchanges',
    floor: '1.3x',
    bench: 'footprint',
  },
  { id: '23-memory', text: 'resident memory then', floor: '1.3x', bench: 'footprint' },
]
