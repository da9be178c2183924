import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openProject } from '#main/store/open'
import { listRaces } from '#main/store/races'
import { listRuns } from '#main/store/runs'
import { requireBuilt } from '../../fixtures/built'
import { jaccard } from '../../fixtures/command'
import { writePictures } from '../../fixtures/pictures'
import { temporaryFolder } from '../../fixtures/temporary'

requireBuilt()
const folder = temporaryFolder()
const file = join(folder, 'discs.jaccard')
const { images, masks } = await writePictures(folder, 12)
const settings = ['--size', '32', '--batch', '4', '--engine', 'onnx-cpu', '--json']

async function inProject<T>(work: (project: Awaited<ReturnType<typeof openProject>>) => T): Promise<T> {
  const project = await openProject(file)
  try {
    return work(project)
  } finally {
    project.close()
  }
}

describe('a race from the command line', () => {
  it('compares two losses over several seeds, each at its own threshold', async () => {
    await jaccard(['new', file, '--images', images, '--masks', masks, '--val', 'disc-1*'])
    const words = ['race', file, '--losses', 'iou,xent', '--seeds', '2', '--steps', '6', '--seed', '5']
    const outcome = await jaccard([...words, ...settings])
    expect(outcome.stderr).toMatch(/^Race 1: 4 runs of UNet-xs on onnx-cpu$/m)
    expect(outcome.stderr).toMatch(/^Run 3, 3 of 4: IoU, seed 6$/m)
    expect(outcome.stderr).toMatch(
      /^Seed 6: mIoU 0\.\d{3} with IoU, 0\.\d{3} with cross entropy, difference [+−]/m
    )
    expect(outcome.code).toBe(0)

    const result = outcome.json() as unknown as {
      runs: {
        loss: string
        seed: number
        run: number
        threshold: number
        seconds: number
        best: { mIoU: number }
      }[]
      differences: Record<string, { mean: number; bySeed: number[]; interval: { low: number; high: number } }>
      verdict: string
    }
    expect(result).toMatchObject({ race: 1, status: 'done', losses: ['iou', 'xent'], seeds: [5, 6] })
    expect(result.runs.map(({ loss, seed, run }) => [loss, seed, run])).toEqual([
      ['iou', 5, 1],
      ['xent', 5, 2],
      ['iou', 6, 3],
      ['xent', 6, 4]
    ])
    for (const run of result.runs) {
      expect(run).toMatchObject({
        status: 'done',
        steps: 6,
        objects: { objects: 2 },
        recoveredFalseNegatives: expect.any(Number),
        addedFalsePositives: expect.any(Number)
      })
      expect(run.seconds).toBeGreaterThan(0)
      expect(run.threshold).toBeGreaterThan(0)
    }
    const { bySeed, mean, interval } = result.differences['mIoU']!
    const best = result.runs.map((run) => run.best.mIoU)
    expect(bySeed).toEqual([best[0]! - best[1]!, best[2]! - best[3]!])
    expect(mean).toBeCloseTo((bySeed[0]! + bySeed[1]!) / 2, 9)
    expect(interval.low).toBeLessThanOrEqual(mean)
    expect(result.verdict).toMatch(/95 % interval .* to .*, 2 seeds$/)
  })

  it('tells a person the verdict first, then the table', async () => {
    const words = ['race', file, '--losses', 'dice,bce', '--seeds', '1', '--steps', '2']
    const { stdout, code } = await jaccard([...words, ...settings.slice(0, -1)])
    expect(code).toBe(0)
    const [verdict, head, mIoU] = stdout.split('\n')
    expect(verdict).toMatch(
      /^Race 2: \+0\.\d{3} mIoU for (Dice|binary cross entropy) over .*, 1 seed, 95 % interval/
    )
    expect(head).toMatch(/Dice +binary cross entropy +difference/)
    expect(mIoU).toMatch(/^mIoU +0\.\d{3} +0\.\d{3} +[+−]0\.\d{3}$/)
    expect(stdout).toMatch(/objects found +\d of 2 +\d of 2/)
  })

  it('keeps what is done when it is interrupted', async () => {
    const words = ['race', file, '--seeds', '2', '--steps', '400']
    let asked = false
    const outcome = await jaccard([...words, ...settings], {
      onError: (said, interrupt) => {
        if (asked || !/40\/400 steps of run/.test(said)) return
        asked = true
        interrupt()
      }
    })
    expect(outcome.code).toBe(130)
    expect(outcome.stderr).toMatch(/Race 3 was cancelled; the runs that are done are kept/)
    expect(outcome.json()).toMatchObject({ race: 3, status: 'cancelled' })
    expect(outcome.json()['verdict']).toMatch(/No seed has finished with both losses/)
    await inProject((project) => {
      expect(listRaces(project)[0]).toMatchObject({ status: 'cancelled' })
      expect(listRuns(project)[0]).toMatchObject({
        raceId: 3,
        status: 'cancelled',
        best: { mIoU: expect.any(Number) }
      })
    })
  })

  it.each([
    [['--losses', 'iou'], /two different losses/],
    [['--losses', 'iou,iou'], /two different losses/],
    [['--losses', 'iou,dice,xent'], /at most 2/],
    [['--losses', 'iou,hinge'], /There is no loss "hinge"/],
    [['--seeds', '0'], /from 1 to 100/]
  ])('is refused with %j', async (words, sentence) => {
    const { code, stderr } = await jaccard(['race', file, ...words])
    expect(code).toBe(2)
    expect(stderr).toMatch(sentence)
  })
})
