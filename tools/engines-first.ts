import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Specs of whole engines take longest, so they begin first: no worker is left alone with one in the end. */
export class EnginesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => Number(startsEngines(b)) - Number(startsEngines(a)))
  }
}

const startsEngines = ({ moduleId }: TestSpecification): boolean =>
  moduleId.includes('/apps/') || moduleId.endsWith('conformance.spec.ts')
