import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { HostInfo, ImageSummary, ImportOutcome, ProjectSummary } from '#core/api/values'
import { exportModel } from '#main/exchange/bundle'
import { app } from '#main/app'
import { addImage, importFolder } from '#main/exchange/import'
import { importMasks, previewMasks } from '#main/exchange/maskImport'
import { exportMasks } from '#main/exchange/masks'
import { writeReport } from '#main/exchange/report'
import { sharedImages } from '#main/exchange/report/contents'
import { runCourse } from '#main/exchange/report/course'
import { createSample } from '#main/exchange/sample'
import { createVerification } from '#main/exchange/verify'
import { deleteImages, emptyBin, listBin, restoreImages } from '#main/store/bin'
import { listImages, setSplit, setState } from '#main/store/images'
import { commitStroke, readMask, redo, undo } from '#main/store/masks'
import { createProject, openProject } from '#main/store/open'
import type { Project } from '#main/store/project'
import { setThreshold } from '#main/store/runs'
import { drawAgain, drawSplits } from '#main/store/splits'
import type { StartTrainer } from '#main/training/port'
import { exampleSample } from '#main/training/example'
import { createTrainers } from '#main/training/trainers'
import { listFolder } from './folders'
import { openedProject, summaryOf, type Opened } from './opened'
import { createPictures, type Pictures } from './pictures'
import type { Places } from './places'
import { recentProjects } from './recent'
import { reviewDetail, reviewImages } from './review'
import { suggest } from './suggestions'
import type { Services } from './services'
import { createSession } from './session'
import { splitOverview } from './splits'
import { createVerifications } from './verifications'
import type { WebContent } from './web'

/** One running Jaccard with windows: its services, what the windows load by address, and its end. */
export interface Host {
  services: Services
  content: Pick<WebContent, keyof Pictures | 'verify'>
  /** Stops the trainer and closes the project. */
  close(): Promise<void>
}

/** Puts the services together. */
export function createHost(options: {
  kind: HostInfo['host']
  places: Places
  startTrainer: StartTrainer
}): Host {
  const { kind, places, startTrainer } = options
  const trainers = createTrainers(startTrainer)
  const session = createSession<Opened>()
  const recent = recentProjects(places.state)
  const verifications = createVerifications()
  const project = () => session.required().project
  const training = () => session.required().training
  const races = () => session.required().races

  async function use(file: string, open: (file: string) => Promise<Project>): Promise<ProjectSummary> {
    const opened = await session.replace(async () =>
      openedProject(await open(file), trainers, session.changed)
    )
    verifications.cancelAll()
    // Nobody waits for it; what comes of it is told as a change.
    opened.fingerprints().catch(() => undefined)
    const summary = summaryOf(opened.project)
    await recent.remember(file)
    return summary
  }

  /** Draws the splits that are due after a change of images, and tells every window of both. */
  function imagesChanged(opened: Project, ids: number[]): void {
    const drawn = drawSplits(opened)
    session.changed({ kind: 'images', ids: [...new Set([...ids, ...drawn])] })
  }

  function changeImages(ids: number[], change: (opened: Project) => void): ImageSummary[] {
    const opened = project()
    change(opened)
    imagesChanged(opened, ids)
    return listImages(opened, ids)
  }

  function changeMask<T extends { revision: number }>(imageId: number, change: T): T {
    session.changed({ kind: 'mask', imageId, revision: change.revision })
    return change
  }

  async function importFile(add: (opened: Project) => Promise<ImportOutcome>): Promise<ImportOutcome> {
    const opened = project()
    const outcome = await add(opened)
    if (outcome.status === 'added') imagesChanged(opened, [outcome.imageId, ...outcome.others])
    return outcome
  }

  const services: Services = {
    host: () => ({
      version: app().version,
      host: kind,
      platform: process.platform,
      projectsFolder: places.projects
    }),
    project: {
      recent: recent.list,
      current: () => {
        const opened = session.current()
        return opened && summaryOf(opened.project)
      },
      create: async (path) => {
        await mkdir(places.projects, { recursive: true }).catch(() => undefined)
        return use(resolve(withExtension(path)), createProject)
      },
      open: async (path) => {
        const opened = session.current()
        if (opened?.project.path === resolve(path)) return summaryOf(opened.project)
        return use(resolve(path), openProject)
      },
      sample: async (path) => {
        if (path === null) await mkdir(places.projects, { recursive: true }).catch(() => undefined)
        return use(resolve(path === null ? freeName(places.projects) : withExtension(path)), createSample)
      },
      close: async () => {
        verifications.cancelAll()
        await session.close()
      },
      changes: session.changes
    },
    files: { list: (path) => listFolder(path, places.projects) },
    images: {
      list: (ids) => listImages(project(), ids),
      delete: (ids) => {
        deleteImages(project(), ids)
        imagesChanged(project(), ids)
      },
      restore: (ids) => {
        restoreImages(project(), ids)
        imagesChanged(project(), ids)
      },
      bin: () => listBin(project()),
      emptyBin: () => {
        const count = emptyBin(project())
        session.changed({ kind: 'images', ids: [] })
        return count
      },
      add: (file) => importFile((opened) => addImage(opened, file)),
      previewMasks: (file) => previewMasks(project(), file),
      importMasks: async function* ({ name, bytes }, choice, signal) {
        const opened = project()
        const changed: number[] = []
        let [done, total] = [0, 1]
        const options = { signal, onOpened: (masks: number) => (total = masks) }
        try {
          const file = { name, read: async () => bytes }
          for await (const outcome of importMasks(opened, [file], choice, options)) {
            if (outcome.status === 'matched') changed.push(outcome.imageId)
            yield { outcome, done: ++done, total }
          }
        } finally {
          if (session.current()?.project === opened) imagesChanged(opened, changed)
        }
      },
      importFolder: async function* (folders, signal) {
        const opened = project()
        try {
          yield* importFolder(opened, folders, signal)
        } finally {
          if (session.current()?.project === opened) imagesChanged(opened, [])
        }
      },
      setState: (ids, state) => changeImages(ids, (opened) => setState(opened, ids, state)),
      setSplit: (ids, split) => changeImages(ids, (opened) => setSplit(opened, ids, split))
    },
    splits: {
      overview: () => splitOverview(project()),
      draw: (settings) => {
        const opened = project()
        session.changed({ kind: 'images', ids: drawAgain(opened, settings) })
        return splitOverview(opened)
      }
    },
    masks: {
      read: (imageId) => readMask(project(), imageId),
      commit: (stroke) => changeMask(stroke.imageId, commitStroke(project(), stroke)),
      undo: (imageId) => changeMask(imageId, undo(project(), imageId)),
      redo: (imageId) => changeMask(imageId, redo(project(), imageId))
    },
    training: {
      overview: (config) => training().overview(config),
      choose: (input) => training().choose(input),
      example: (preparation) => exampleSample(project(), preparation),
      engines: trainers.inspect,
      start: async (config) => ({ runId: training().start(config) }),
      cancel: async (runId) => training().cancel(runId),
      resume: async (runId) => training().resume(runId),
      progress: (runId, signal) => training().subscribe(runId, signal)
    },
    runs: {
      list: () => training().runs(),
      setThreshold: (runId, threshold) => {
        setThreshold(project(), runId, threshold)
        session.changed({ kind: 'runs', ids: [runId] })
        return training().run(runId)
      },
      remove: async (runId) => training().remove(runId)
    },
    races: {
      list: () => races().list(),
      start: async (config) => ({ raceId: await races().start(config) }),
      cancel: async (raceId) => races().cancel(raceId),
      resume: async (raceId) => races().resume(raceId),
      remove: async (raceId) => races().remove(raceId),
      progress: (raceId, signal) => races().subscribe(raceId, signal)
    },
    review: {
      images: (runId, split) => reviewImages(session.required(), runId, split),
      detail: (runId, imageId) => reviewDetail(session.required(), runId, imageId),
      unlockTest: (runId) => {
        const looks = session.required().predictions.unlockTest(runId)
        session.changed({ kind: 'runs', ids: [runId] })
        return looks
      }
    },
    suggestions: {
      read: (input) => suggest(session.required(), input)
    },
    report: {
      images: (runIds) => sharedImages(project(), runIds),
      course: (runId, imageId) => runCourse(session.required(), runId, imageId)
    },
    exchange: {
      model: (runId, folder, quantize) => exportModel(project(), runId, folder, { quantize }),
      masks: (folder, format) => exportMasks(project(), folder, format),
      report: (choice, folder) => writeReport(session.required(), choice, folder),
      startVerification: async (folder, runId) => {
        const { project, predictions } = session.required()
        return verifications.add(await createVerification(project, predictions, folder, { runId }))
      },
      verification: verifications.result
    }
  }

  return {
    services,
    content: { ...createPictures(project, places.cache), verify: verifications.handle },
    close: services.project.close
  }
}

function withExtension(path: string): string {
  return path.endsWith('.jaccard') ? path : `${path}.jaccard`
}

/** Where the next sample project goes. */
function freeName(folder: string): string {
  for (let number = 1; ; number++) {
    const file = join(folder, number === 1 ? 'Sample.jaccard' : `Sample ${number}.jaccard`)
    if (!existsSync(file)) return file
  }
}
