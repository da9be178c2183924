import { initTRPC } from '@trpc/server'
import { z } from 'zod'
import { maskExportFormat } from '#core/api/maskExport'
import { maskChoice } from '#core/api/maskImport'
import { imageState, quantization, split, strokeInput, suggestionInput } from '#core/api/values'
import { JaccardError, messageOf } from '#core/errors'
import { choiceInput } from '#core/learning/choice/choose'
import { trainConfig } from '#core/learning/config'
import { splitSettings } from '#core/learning/splits'
import { raceConfig } from '#core/learning/race/config'
import type { Services } from './services'

/** The context of every call: the services of the host that took it. */
export interface Context {
  services: Services
}

const t = initTRPC.context<Context>().create({
  // Uint8Array goes over the wire as it is (msgpack); without a transformer it would be typed as a JSON object.
  transformer: {
    input: { serialize: (value) => value, deserialize: (value) => value },
    output: { serialize: (value) => value, deserialize: (value) => value }
  },
  errorFormatter: ({ shape, error }) => ({
    ...shape,
    message:
      error.cause instanceof z.ZodError
        ? 'The window sent a request that the app does not know.'
        : messageOf(error.cause ?? error),
    data: {
      ...shape.data,
      stack: undefined,
      reason: error.cause instanceof JaccardError ? error.cause.code : null
    }
  })
})
const { procedure } = t

const id = z.int().positive()
const ids = z.array(id).min(1).max(100_000)
const reportRuns = z.array(id).min(1).max(2)
const path = z.string().min(1).max(4096)
const bytes: z.ZodType<Uint8Array> = z.instanceof(Uint8Array)
const file = z.object({ name: z.string().min(1).max(1024), bytes })

/** The typed procedures of all hosts; inputs are validated here, once, and the work is the services'. */
export const router = t.router({
  host: procedure.query(({ ctx }) => ctx.services.host()),
  project: t.router({
    recent: procedure.query(({ ctx }) => ctx.services.project.recent()),
    current: procedure.query(({ ctx }) => ctx.services.project.current()),
    create: procedure
      .input(z.object({ path }))
      .mutation(({ ctx, input }) => ctx.services.project.create(input.path)),
    open: procedure
      .input(z.object({ path }))
      .mutation(({ ctx, input }) => ctx.services.project.open(input.path)),
    sample: procedure
      .input(z.object({ path: path.nullable() }))
      .mutation(({ ctx, input }) => ctx.services.project.sample(input.path)),
    close: procedure.mutation(({ ctx }) => ctx.services.project.close()),
    changes: procedure.subscription(({ ctx, signal }) => ctx.services.project.changes(signal!))
  }),
  files: t.router({
    list: procedure
      .input(z.object({ path: path.nullable() }))
      .query(({ ctx, input }) => ctx.services.files.list(input.path))
  }),
  images: t.router({
    list: procedure
      .input(z.object({ ids }).optional())
      .query(({ ctx, input }) => ctx.services.images.list(input?.ids)),
    delete: procedure
      .input(z.object({ ids }))
      .mutation(({ ctx, input }) => ctx.services.images.delete(input.ids)),
    restore: procedure
      .input(z.object({ ids }))
      .mutation(({ ctx, input }) => ctx.services.images.restore(input.ids)),
    bin: procedure.query(({ ctx }) => ctx.services.images.bin()),
    emptyBin: procedure.mutation(({ ctx }) => ctx.services.images.emptyBin()),
    add: procedure.input(file).mutation(({ ctx, input }) => ctx.services.images.add(input)),
    previewMasks: procedure.input(file).mutation(({ ctx, input }) => ctx.services.images.previewMasks(input)),
    importMasks: procedure
      .input(z.object({ file, choice: maskChoice }))
      .subscription(({ ctx, input, signal }) =>
        ctx.services.images.importMasks(input.file, input.choice, signal!)
      ),
    importFolder: procedure
      .input(z.object({ images: path, masks: path.nullable(), link: z.boolean() }))
      .subscription(({ ctx, input, signal }) => ctx.services.images.importFolder(input, signal!)),
    setState: procedure
      .input(z.object({ ids, state: imageState }))
      .mutation(({ ctx, input }) => ctx.services.images.setState(input.ids, input.state)),
    setSplit: procedure
      .input(z.object({ ids, split: split.nullable() }))
      .mutation(({ ctx, input }) => ctx.services.images.setSplit(input.ids, input.split))
  }),
  splits: t.router({
    overview: procedure.query(({ ctx }) => ctx.services.splits.overview()),
    draw: procedure.input(splitSettings).mutation(({ ctx, input }) => ctx.services.splits.draw(input))
  }),
  masks: t.router({
    read: procedure
      .input(z.object({ imageId: id }))
      .query(({ ctx, input }) => ctx.services.masks.read(input.imageId)),
    commit: procedure.input(strokeInput).mutation(({ ctx, input }) => ctx.services.masks.commit(input)),
    undo: procedure
      .input(z.object({ imageId: id }))
      .mutation(({ ctx, input }) => ctx.services.masks.undo(input.imageId)),
    redo: procedure
      .input(z.object({ imageId: id }))
      .mutation(({ ctx, input }) => ctx.services.masks.redo(input.imageId))
  }),
  training: t.router({
    overview: procedure.input(trainConfig).query(({ ctx, input }) => ctx.services.training.overview(input)),
    choose: procedure.input(choiceInput).query(({ ctx, input }) => ctx.services.training.choose(input)),
    example: procedure
      .input(
        z.object({ size: z.int().min(16).max(512), crop: trainConfig.shape.crop, autoContrast: z.boolean() })
      )
      .query(({ ctx, input }) => ctx.services.training.example(input)),
    engines: procedure.query(({ ctx }) => ctx.services.training.engines()),
    start: procedure.input(trainConfig).mutation(({ ctx, input }) => ctx.services.training.start(input)),
    cancel: procedure
      .input(z.object({ runId: id }))
      .mutation(({ ctx, input }) => ctx.services.training.cancel(input.runId)),
    resume: procedure
      .input(z.object({ runId: id }))
      .mutation(({ ctx, input }) => ctx.services.training.resume(input.runId)),
    progress: procedure
      .input(z.object({ runId: id }))
      .subscription(({ ctx, input, signal }) => ctx.services.training.progress(input.runId, signal!))
  }),
  runs: t.router({
    list: procedure.query(({ ctx }) => ctx.services.runs.list()),
    setThreshold: procedure
      .input(z.object({ runId: id, threshold: z.number().min(0).max(1) }))
      .mutation(({ ctx, input }) => ctx.services.runs.setThreshold(input.runId, input.threshold)),
    remove: procedure
      .input(z.object({ runId: id }))
      .mutation(({ ctx, input }) => ctx.services.runs.remove(input.runId))
  }),
  races: t.router({
    list: procedure.query(({ ctx }) => ctx.services.races.list()),
    start: procedure.input(raceConfig).mutation(({ ctx, input }) => ctx.services.races.start(input)),
    cancel: procedure
      .input(z.object({ raceId: id }))
      .mutation(({ ctx, input }) => ctx.services.races.cancel(input.raceId)),
    resume: procedure
      .input(z.object({ raceId: id }))
      .mutation(({ ctx, input }) => ctx.services.races.resume(input.raceId)),
    remove: procedure
      .input(z.object({ raceId: id }))
      .mutation(({ ctx, input }) => ctx.services.races.remove(input.raceId)),
    progress: procedure
      .input(z.object({ raceId: id }))
      .subscription(({ ctx, input, signal }) => ctx.services.races.progress(input.raceId, signal!))
  }),
  review: t.router({
    images: procedure
      .input(z.object({ runId: id, split }))
      .query(({ ctx, input }) => ctx.services.review.images(input.runId, input.split)),
    detail: procedure
      .input(z.object({ runId: id, imageId: id }))
      .query(({ ctx, input }) => ctx.services.review.detail(input.runId, input.imageId)),
    unlockTest: procedure
      .input(z.object({ runId: id }))
      .mutation(({ ctx, input }) => ctx.services.review.unlockTest(input.runId))
  }),
  suggestions: t.router({
    read: procedure.input(suggestionInput).query(({ ctx, input }) => ctx.services.suggestions.read(input))
  }),
  report: t.router({
    images: procedure
      .input(z.object({ runIds: reportRuns }))
      .query(({ ctx, input }) => ctx.services.report.images(input.runIds)),
    course: procedure
      .input(z.object({ runId: id, imageId: id }))
      .query(({ ctx, input }) => ctx.services.report.course(input.runId, input.imageId))
  }),
  exchange: t.router({
    model: procedure
      .input(z.object({ runId: id, folder: path, quantize: quantization }))
      .mutation(({ ctx, input }) => ctx.services.exchange.model(input.runId, input.folder, input.quantize)),
    masks: procedure
      .input(z.object({ folder: path, format: maskExportFormat }))
      .mutation(({ ctx, input }) => ctx.services.exchange.masks(input.folder, input.format)),
    report: procedure
      .input(
        z.object({
          choice: z.object({
            runIds: reportRuns,
            imageId: id.nullable(),
            steps: z.array(z.int().positive()).min(1).max(100).nullable()
          }),
          folder: path
        })
      )
      .mutation(({ ctx, input }) => ctx.services.exchange.report(input.choice, input.folder)),
    startVerification: procedure
      .input(z.object({ folder: path, runId: id }))
      .mutation(({ ctx, input }) => ctx.services.exchange.startVerification(input.folder, input.runId)),
    verification: procedure
      .input(z.object({ id: z.string().max(100) }))
      .query(({ ctx, input, signal }) => ctx.services.exchange.verification(input.id, signal!))
  })
})

export type AppRouter = typeof router
