declare const brand: unique symbol

/** A value of type `T` that only code naming the brand `B` may produce, so that two kinds of id cannot be mixed up. */
export type Brand<T, B extends string> = T & { readonly [brand]: B }
