import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openProject } from '#main/store/open'
import type { Project } from '#main/store/project'
import { createTraining } from '#main/training/service'
import { addDiscs } from '../../fixtures/discs'
import { localTrainers } from '../../fixtures/localTrainer'
import { oneWeightConfig, oneWeightEngine } from '../../fixtures/oneWeightEngine'
import { temporaryProject } from '../../fixtures/project'

const at = (place: string) => fileURLToPath(new URL(place, import.meta.url))

/** Another process that trains in the project; resolves once its run has a checkpoint. */
async function trainingElsewhere(project: Project) {
  const words = ['--import', at('../../../scripts/sources.mjs'), at('./trainingHost.ts'), project.path]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const closed = once(child, 'close')
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const kill = async () => {
    child.kill('SIGKILL')
    expect(await closed).toEqual([null, 'SIGKILL'])
  }
  return { runId: Number(line), kill }
}

/** The training of this process, as a second host opens it. */
function trainingHere(project: Project) {
  const training = createTraining(project, { trainers: localTrainers(oneWeightEngine()) })
  onTestFinished(() => training.close())
  return training
}

async function projectWithDiscs() {
  const project = await temporaryProject()
  await addDiscs(project, 4, 2)
  return project
}

describe('two hosts with one project', () => {
  it('a run goes on while another host opens the project, looks at it and leaves', async () => {
    const project = await projectWithDiscs()
    const { runId } = await trainingElsewhere(project)
    const again = await openProject(project.path)
    const training = trainingHere(again)
    expect(training.run(runId)).toMatchObject({ status: 'running', live: false })
    await training.close()
    again.close()
    expect(trainingHere(project).run(runId).status).toBe('running')
  })

  it('only one of them trains, and the other says so', async () => {
    const project = await projectWithDiscs()
    const { runId } = await trainingElsewhere(project)
    const training = trainingHere(project)
    const refused = expect.objectContaining({
      code: 'conflict',
      message: expect.stringMatching(
        new RegExp(`Another window or command is training run ${runId} of this project; .*cancel it there`)
      ) as string
    }) as Error
    expect(() => training.start(oneWeightConfig)).toThrow(refused)
    expect(() => training.resume(runId)).toThrow(refused)
    expect(() => training.remove(runId)).toThrow(refused)
    expect(training.runs().map(({ id, status }) => [id, status])).toEqual([[runId, 'running']])
  })

  it('one that was killed leaves an interrupted run, which the other resumes at once', async () => {
    const project = await projectWithDiscs()
    const { runId, kill } = await trainingElsewhere(project)
    const open = trainingHere(project)
    await kill()
    expect(trainingHere(project).run(runId)).toMatchObject({ status: 'interrupted', live: false })
    expect(open.run(runId).best).not.toBeNull()
    open.resume(runId)
    expect(open.run(runId)).toMatchObject({ status: 'running', live: true })
    await open.close()
    expect(open.run(runId).status).toBe('interrupted')
    expect(existsSync(`${project.path}-training`)).toBe(false)
  })

  it('one that was killed does not keep the other, open all along, from training or tidying up', async () => {
    const project = await projectWithDiscs()
    const training = trainingHere(project)
    const first = await trainingElsewhere(project)
    await first.kill()
    const id = training.start(oneWeightConfig)
    for await (const event of training.subscribe(id, new AbortController().signal)) void event
    expect(training.runs().map(({ status }) => status)).toEqual(['done', 'interrupted'])
    const second = await trainingElsewhere(project)
    await second.kill()
    training.remove(second.runId)
    expect(training.runs().map((run) => run.id)).toEqual([id, first.runId])
  })
})
