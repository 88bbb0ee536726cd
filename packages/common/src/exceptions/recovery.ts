/**
 * What is known after a failure, and so what the caller may do:
 * `retry`, nothing was done; `reject`, the exchange refused on positive evidence; `reconcile`, it may have arrived, ask
 * before deciding; `halt`, an invariant of ours broke.
 */
export type Recovery = 'retry' | 'reject' | 'reconcile' | 'halt'
