import { closest, distance } from 'fastest-levenshtein'

/** Longest distance at which two words count as a misspelling of each other. */
const reach = (word: string): number => Math.max(1, Math.min(3, Math.ceil(word.length / 3)))

/** Whether one of the words is probably what was meant. */
export function isClose(word: string, allowed: readonly string[]): boolean {
  if (allowed.length === 0) return false
  const lower = word.toLowerCase()
  return allowed.some((candidate) => distance(lower, candidate.toLowerCase()) <= reach(word))
}

/** `, did you mean 'x'?` where a word is near enough, else nothing. */
export function didYouMean(word: string, allowed: readonly string[]): string {
  if (!isClose(word, allowed)) return ''
  const lowered = allowed.map((candidate) => candidate.toLowerCase())
  const best = allowed[lowered.indexOf(closest(word.toLowerCase(), lowered))]
  return `, did you mean '${best}'?`
}
