import type { Schedule } from './schedule.js'

/**
 * Leaves out one thing that goes wrong after the other as long as the run still fails.
 *
 * @param fails - Whether the run fails under a schedule.
 * @returns the shortest schedule found; the one given when nothing can be left out.
 */
export async function shrinkSchedule(
  schedule: Schedule,
  fails: (smaller: Schedule) => Promise<boolean>,
): Promise<Schedule> {
  let best = schedule
  for (;;) {
    const smaller = await firstFailing(candidates(best), fails)
    if (smaller === undefined) return best
    best = smaller
  }
}

async function firstFailing(
  schedules: readonly Schedule[],
  fails: (smaller: Schedule) => Promise<boolean>,
): Promise<Schedule | undefined> {
  for (const schedule of schedules) if (await fails(schedule)) return schedule
  return undefined
}

function candidates(schedule: Schedule): readonly Schedule[] {
  const { faults, killAtWrites } = schedule
  const { wallJump, ...inTime } = schedule
  const { diskFullAtWrite, ...withRoom } = schedule
  return [
    ...(wallJump === undefined ? [] : [inTime]),
    ...(diskFullAtWrite === undefined ? [] : [withRoom]),
    ...faults.map((_, index) => ({ ...schedule, faults: faults.filter((_fault, at) => at !== index) })),
    ...killAtWrites.map((_, index) => ({
      ...schedule,
      killAtWrites: killAtWrites.filter((_kill, at) => at !== index),
    })),
  ]
}
