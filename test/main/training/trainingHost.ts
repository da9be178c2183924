import { writeSync } from 'node:fs'
import { argv } from 'node:process'
import { openProject } from '#main/store/open'
import { createTraining } from '#main/training/service'
import { localTrainers } from '../../fixtures/localTrainer'
import { oneWeightConfig, oneWeightEngine } from '../../fixtures/oneWeightEngine'

/** A host that trains until it is killed, and says once it has a checkpoint. Started by hosts.test.ts. */
const project = await openProject(argv[2]!)
const training = createTraining(project, { trainers: localTrainers(oneWeightEngine()) })
const id = training.start({ ...oneWeightConfig, steps: 1_000_000 })
let validated = false
for await (const event of training.subscribe(id, new AbortController().signal)) {
  // What a validation leads to, the checkpoint, is stored before the next step is reported.
  if (event.type === 'step' && validated) writeSync(1, `${id}\n`)
  validated = event.type === 'validation'
}
