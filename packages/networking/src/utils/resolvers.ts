/** A promise with the means to settle it. */
export interface Resolvers {
  readonly promise: Promise<void>
  resolve(): void
  reject(error: Error): void
}

/** One whose rejection is never an unhandled one: nobody may be waiting any more. */
export function createResolvers(): Resolvers {
  let resolve!: () => void
  let reject!: (error: Error) => void
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  promise.catch(() => undefined)
  return { promise, resolve, reject }
}
