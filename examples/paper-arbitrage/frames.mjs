import { fileURLToPath } from 'node:url'

/** Every byte that the exchanges sent in fifteen seconds; how it was made is in record.mjs. */
export const framesPath = fileURLToPath(new URL('frames.arbrec', import.meta.url))
/** Unix milliseconds at which it begins, on the engine's clock. */
export const startMs = Date.UTC(2026, 10, 24)
