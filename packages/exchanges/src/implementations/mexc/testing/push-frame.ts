/** `publicAggreDepths` of a push. */
export interface PushedBook {
  readonly asks?: readonly { readonly price: string; readonly quantity: string }[]
  readonly bids?: readonly { readonly price: string; readonly quantity: string }[]
  readonly fromVersion: string
  readonly toVersion: string
}

export interface PushFrameOptions {
  /** Fields that no schema knows, in the wrapper and in the body. */
  readonly unknownFields?: boolean
  readonly bodyFirst?: boolean
  readonly sendTimeMs?: number
}

/** Writes a book push as the exchange does; for specs. */
export function createPushFrame(symbol: string, book: PushedBook, options: PushFrameOptions = {}): Buffer {
  const unknown = options.unknownFields === true ? [varintField(11, 300), textField(12, 'new')] : []
  const body = messageField(313, [
    ...(book.asks ?? []).map((level) => messageField(1, levelFields(level))),
    ...(book.bids ?? []).map((level) => messageField(2, levelFields(level))),
    textField(3, 'spot@public.aggre.depth.v3.api.pb@100ms'),
    textField(4, book.fromVersion),
    textField(5, book.toVersion),
    ...unknown,
  ])
  const head = [
    textField(1, `spot@public.aggre.depth.v3.api.pb@100ms@${symbol}`),
    textField(3, symbol),
    ...unknown,
    varintField(6, options.sendTimeMs ?? 1_755_000_000_000),
  ]
  return Buffer.concat(options.bodyFirst === true ? [body, ...head] : [...head, body])
}

/** A field with a nested message. */
export function messageField(number: number, fields: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(fields)
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes])
}

/** A text field; absent when empty, as proto3 writes it. */
export function textField(number: number, text: string): Buffer {
  if (text === '') return Buffer.alloc(0)
  const bytes = Buffer.from(text)
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes])
}

/** A number field; absent when 0. */
export function varintField(number: number, value: number): Buffer {
  return value === 0 ? Buffer.alloc(0) : Buffer.concat([varint(number * 8), varint(value)])
}

const levelFields = ({ price, quantity }: { readonly price: string; readonly quantity: string }): readonly Buffer[] => [
  textField(1, price),
  textField(2, quantity),
]

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 128) | 0x80)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return Buffer.from(bytes)
}
