/** A refusal of the futures side; it travels under HTTP status 200. */
export interface FuturesError {
  readonly code: number
  readonly message: string
}

/** Codes and texts as listed in the venue's documents. */
export const futuresErrors = {
  unauthorized: { code: 401, message: 'Unauthorized' },
  keyExpired: { code: 402, message: 'Api_key expired' },
  addressNotAllowed: { code: 406, message: 'Accessed IP is not in the whitelist' },
  tooFrequent: { code: 510, message: 'Requests are too frequent, please try again later' },
  requestTime: { code: 513, message: 'Invalid request' },
  parameter: { code: 600, message: 'Parameter error' },
  decoding: { code: 601, message: 'Data decoding error' },
  verifyFailed: { code: 602, message: 'Verify failed' },
  noTradePermission: { code: 704, message: 'Transaction information modify permission is required' },
  noContract: { code: 1001, message: 'Contract does not exist' },
  notAllowed: { code: 1002, message: 'Contract not allow place order!' },
  direction: { code: 2001, message: 'Wrong order direction' },
  openType: { code: 2002, message: 'Wrong opening type' },
  overpriced: { code: 2003, message: 'Overpriced to pay' },
  lowPriced: { code: 2004, message: 'Low-price for selling' },
  insufficient: { code: 2005, message: 'Balance insufficient' },
  leverage: { code: 2006, message: 'Leverage ratio error' },
  price: { code: 2007, message: 'Order price error' },
  noPosition: { code: 2009, message: 'Positions do not exist or have been closed' },
  quantity: { code: 2011, message: 'Order quantity error' },
  tooManyCancels: { code: 2013, message: 'Cancel orders over maximum limit' },
  accuracy: { code: 2015, message: 'Price or quantity accuracy error' },
  leverageDiffers: { code: 2021, message: 'Leverage not consistent with the existing position' },
  positionType: { code: 2022, message: 'Wrong position type' },
  leverageTooHigh: { code: 2024, message: 'Orders with leverage over the maximum' },
  openTypeDiffers: { code: 2027, message: 'Only one cross or isolated in the same direction' },
  quantityTooLarge: { code: 2028, message: 'The maximum order quantity is exceeded' },
  orderType: { code: 2029, message: 'Error order type' },
  externalOidTooLong: { code: 2030, message: 'External order ID is too long' },
  tooManyOrders: { code: 2036, message: 'The orders more than the limit' },
  orderNotFound: { code: 2040, message: 'order not exist' },
  orderEnded: { code: 2041, message: 'order state cannot be cancelled' },
} as const satisfies Record<string, FuturesError>

/** Thrown inside a route; the edge turns it into the answer. */
export class FuturesRefusal extends Error {
  constructor(readonly error: FuturesError) {
    super(error.message)
  }
}

/** @throws FuturesRefusal always. */
export function refuseFutures(name: keyof typeof futuresErrors): never {
  throw new FuturesRefusal(futuresErrors[name])
}
