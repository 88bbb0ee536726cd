/** Seeds in a row, one of each family of schedules. */
export const scheduleFamilies = 9
