import { readFileSync } from 'node:fs'

/** Reads a JSON fixture beside a spec: `readFixture(import.meta.url, './fixtures/vectors.json')`. The spec names its shape. */
export function readFixture<T>(specUrl: string, path: string): T {
  return JSON.parse(readFileSync(new URL(path, specUrl), 'utf8')) as T
}
