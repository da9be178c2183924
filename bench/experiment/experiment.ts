// `npm run experiment`: the source's experiment on the sample project and on the nuclei, then docs/experiment.md. What
// has finished before is kept, so that it can be interrupted; `--fresh` starts over, a dataset's name runs it alone.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openProject } from '#main/store/open'
import { currentVersions } from '#main/training/versions'
import { pageOf, type Chapter } from './page'
import { CONDITIONS, DATASETS, raceWords, type Condition, type Dataset } from './plan'
import { resultOf, type Result } from './results'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, '.cache/experiment')
const words = process.argv.slice(2)

if (words.includes('--fresh')) rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

const chosen = DATASETS.filter(({ name }) => words.includes(name))
for (const dataset of chosen.length ? chosen : DATASETS) await run(dataset)
const page = join(root, 'docs/experiment.md')
writeFileSync(page, pageOf(headLine(), await Promise.all(DATASETS.map(chapterOf))))
console.log(page)

async function run(dataset: Dataset): Promise<void> {
  if (dataset.needs && !existsSync(join(root, dataset.needs))) {
    console.log(`${dataset.name} is left out: there is no folder ${dataset.needs}.`)
    return
  }
  const file = fileOf(dataset)
  if (!existsSync(file)) await jaccard(dataset.make(file))
  for (const condition of CONDITIONS) {
    if (!(await resultFrom(file, condition))) await jaccard(raceWords(file, condition))
  }
}

async function chapterOf(dataset: Dataset): Promise<Chapter> {
  const file = fileOf(dataset)
  const results: Result[] = []
  const commands: string[] = []
  for (const condition of existsSync(file) ? CONDITIONS : []) {
    const result = await resultFrom(file, condition)
    if (!result) continue
    results.push(result)
    commands.push(`npx jaccard ${raceWords(`${dataset.name}.jaccard`, condition).join(' ')}`)
  }
  return { dataset, results, commands }
}

async function resultFrom(file: string, condition: Condition): Promise<Result | null> {
  const project = await openProject(file)
  try {
    return resultOf(project, condition)
  } finally {
    project.close()
  }
}

function fileOf({ name }: Dataset): string {
  return join(folder, `${name}.jaccard`)
}

async function jaccard(words: string[]): Promise<void> {
  console.log(`jaccard ${words.join(' ')}`)
  const child = spawn(process.execPath, [join(root, 'bin/jaccard.mjs'), ...words], {
    cwd: root,
    stdio: 'inherit'
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) process.exit(code ?? 1)
}

function headLine(): string {
  const versions = Object.entries(currentVersions()).map(([name, version]) => `${name} ${version}`)
  return (
    `Machine: ${cpus().length} × ${cpus()[0]?.model.trim()}, ${process.platform} ${process.arch}. Date: ` +
    `${new Date().toISOString().slice(0, 10)}. Versions: ${versions.join(', ')}.`
  )
}
