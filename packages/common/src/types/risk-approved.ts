declare const riskApproved: unique symbol

/**
 * A value that the risk gate has passed. The one thing an order gateway accepts: a request that nobody has checked does
 * not compile. Minted by `trading`'s risk gate and nowhere else.
 */
export type RiskApproved<T> = T & { readonly [riskApproved]: true }
