/** Stands before the digits of an integer that a double cannot hold. */
const mark = '\u0001'
const marked = /"\\u0001(-?\d+)"/g

/** An integer that goes over the wire as a bare number, whatever its size. */
export const wireInteger = (digits: string): string => mark + digits

/** JSON text in which every `wireInteger` is a number. */
export const wireJson = (value: unknown): string => JSON.stringify(value).replace(marked, '$1')
