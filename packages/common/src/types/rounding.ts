/** Direction of a conversion that may lose digits: towards minus infinity, towards plus infinity, or refuse to lose any. */
export type Rounding = 'down' | 'up' | 'exact'
