import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Prints each skipped test with its reason at the end of the run, and writes the counts to `JACCARD_TEST_COUNTS`. */
export default class Reporter {
  #chosen = false

  /** @param {import('vitest/node').Vitest} vitest */
  onInit(vitest) {
    // Tests left out by name on the command line are not worth a line each.
    this.#chosen = Boolean(vitest.getGlobalTestNamePattern())
  }

  /** @param {readonly import('vitest/node').TestModule[]} modules */
  onTestRunEnd(modules, unhandled) {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const inState = (state) => tests.filter((test) => test.result().state === state)
    const skipped = inState('skipped')
    for (const test of this.#chosen ? [] : skipped) {
      const { note } = test.result()
      process.stdout.write(
        `skipped: ${test.module.relativeModuleId} > ${test.fullName}: ${note ?? 'no reason given'}\n`
      )
    }
    const broken = modules.filter((module) => module.state() === 'failed' && module.errors().length > 0)
    const counts = {
      passed: inState('passed').length,
      failed: inState('failed').length + broken.length + unhandled.length,
      skipped: skipped.length
    }
    const file = process.env.JACCARD_TEST_COUNTS
    if (!file) return
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify(counts))
  }
}
