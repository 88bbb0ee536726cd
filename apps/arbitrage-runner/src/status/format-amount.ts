const shownDecimals = 8

/** An exact amount with its sign, cut to what people read; JSON has every digit. */
export function signed(amount: string): string {
  const [whole = '', fraction = ''] = amount.replace(/^-/, '').split('.')
  const kept = fraction.slice(0, shownDecimals).replace(/0+$/, '')
  const shown = kept === '' ? whole : `${whole}.${kept}`
  return shown === '0' ? '0' : (amount.startsWith('-') ? '-' : '+') + shown
}
