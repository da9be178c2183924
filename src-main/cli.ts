import { Command, CommanderError, Option } from 'commander'
import { quantization } from '#core/api/values'
import { JaccardError, messageOf } from '#core/errors'
import { GROUPINGS } from '#core/learning/groups'
import { MOST_SEEDS, USUAL_SEEDS } from '#core/learning/race/config'
import { app } from '#main/app'
import { doctor } from './cli/doctor'
import { evaluate, SPLIT_NAMES } from './cli/evaluate'
import { exportTo, verifyFolder } from './cli/exchange'
import { importInto } from './cli/import'
import { info } from './cli/info'
import { newProject } from './cli/new'
import { listOf, number, runName, TRAIN_OPTIONS } from './cli/options'
import { predict } from './cli/predict'
import { lossName, race } from './cli/race'
import { report } from './cli/report'
import { sample } from './cli/sample'
import { createTerminal, type Terminal } from './cli/terminal'
import { train } from './cli/train'
import { runServe } from './serve'

const EXIT = { done: 0, failed: 1, usage: 2, cancelled: 130 }

/**
 * Runs one command. @param words The command line without the program's own name.
 * @returns The exit code: 0 done, 1 failed, 2 wrong usage, 130 cancelled.
 */
export async function main(words: string[]): Promise<number> {
  const interrupted = new AbortController()
  const interrupt = () => {
    if (interrupted.signal.aborted) process.exit(EXIT.cancelled)
    interrupted.abort()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  try {
    await createProgram(interrupted.signal).parseAsync(words, { from: 'user' })
    return EXIT.done
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    process.stderr.write(`${messageOf(error)}\n`)
    if (process.env['JACCARD_DEBUG'] === '1' && error instanceof Error)
      process.stderr.write(`${error.stack}\n`)
    if (!(error instanceof JaccardError)) return EXIT.failed
    if (error.code === 'usage') return EXIT.usage
    return error.code === 'cancelled' ? EXIT.cancelled : EXIT.failed
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

function createProgram(signal: AbortSignal): Command {
  const program = new Command('jaccard')
    .description('Paint foreground masks, train a small segmentation network on this machine, export it.')
    .version(app().version)
    .exitOverride()
    .showHelpAfterError('(jaccard help shows what there is)')

  /** A command whose outcome can be one JSON object. */
  function command(words: string, description: string): Command {
    return program
      .command(words)
      .description(description)
      .option('--json', 'print the outcome as one JSON object, as the last line')
  }

  /** Runs a command on its first argument. */
  function onFile<Options extends object>(
    work: (file: string, options: Options, terminal: Terminal) => Promise<void>
  ) {
    return (file: string, options: Options & { json?: boolean }) =>
      work(file, options, createTerminal(options.json ?? false, signal))
  }

  const run = () => new Option('--run <run>', 'number of the run, best or latest').argParser(runName)

  command('new <file>', 'make a project from a folder of images')
    .requiredOption('--images <folder>', 'the images')
    .option('--masks <place>', 'their masks: a folder of pictures, labelme or YOLO files, or a COCO file')
    .option('--val <glob>', 'base names of the images that validate; otherwise a fifth, drawn')
    .addOption(new Option('--group <how>', 'images that share a split, by name').choices(GROUPINGS))
    .addOption(
      new Option('--test <share>', 'of the labelled images that is kept for the test').argParser(
        number(0, 0.5)
      )
    )
    .addOption(
      new Option('--val-share <share>', 'of the others that validates; 0.2 otherwise').argParser(
        number(0.05, 0.5)
      )
    )
    .option('--link', 'keep where the images lie instead of their bytes')
    .action(onFile(newProject))

  command('import <file>', 'masks of other programs for the images of a project')
    .requiredOption('--masks <place>', 'a folder of pictures, labelme or YOLO files, or a COCO file')
    .addOption(
      new Option(
        '--foreground <names>',
        'classes or colours, separated by commas; all others are background'
      ).argParser(listOf(String, 1000))
    )
    .addOption(
      new Option('--unknown <names>', 'classes or colours that are neither').argParser(listOf(String, 1000))
    )
    .option('--replace', 'also where an image has a label already')
    .option('--preview', 'only say what matches and what becomes of it')
    .action(onFile(importInto))

  command('sample <file>', 'make the sample project').action(onFile(sample))

  command('info <file>', 'images by state and split, class balance, runs').action(onFile(info))

  const training = command('train <file>', 'train a network')
  for (const option of TRAIN_OPTIONS) training.addOption(option)
  training.action(onFile(train))

  const racing = command('race <file>', 'train with two losses and several seeds, and compare them')
    .addOption(
      new Option('--losses <names>', 'the two, separated by a comma')
        .argParser(listOf(lossName, 2))
        .default(['iou', 'xent'])
    )
    .addOption(
      new Option('--seeds <count>', 'runs with each loss')
        .argParser(number(1, MOST_SEEDS, true))
        .default(USUAL_SEEDS)
    )
  for (const option of TRAIN_OPTIONS) if (option.attributeName() !== 'loss') racing.addOption(option)
  racing.action(onFile(race))

  command('evaluate <file>', 'metrics of a run, pooled and for each image')
    .addOption(run().makeOptionMandatory())
    .addOption(new Option('--split <name>', 'which images').choices(Object.keys(SPLIT_NAMES)).default('val'))
    .addOption(
      new Option('--threshold <p>', 'of the probability; the run’s own otherwise').argParser(number(0, 1))
    )
    .option('--unlock-test', 'look at the test set, which is counted')
    .action(onFile(evaluate))

  command('predict <file>', 'masks and probabilities of a folder of images')
    .addOption(run().makeOptionMandatory())
    .requiredOption('--images <folder>', 'the images')
    .requiredOption('--to <folder>', 'where the masks and probabilities go')
    .option('--unlock-test', 'also images of the test set, which counts as a look')
    .action(onFile(predict))

  command('export <file>', 'a model for TensorFlow.js, the masks, or images and masks')
    .requiredOption('--to <folder>', 'where to')
    .option('--model', 'the model of a run')
    .addOption(run())
    .addOption(
      new Option('--quantize <kind>', 'bits of the weights').choices(quantization.options).default('none')
    )
    .addOption(
      new Option('--masks <format>', 'the masks').choices(['png', 'coco', 'coco-polygons', 'labelme', 'yolo'])
    )
    .addOption(new Option('--dataset <format>', 'images and masks').choices(['webdataset']))
    .action(onFile(exportTo))

  command('report <file>', 'the figures of one run or two, as PNG and as a page')
    .addOption(
      new Option('--runs <runs>', 'one run or two, separated by a comma; the first stands above')
        .argParser(listOf(runName, 2))
        .makeOptionMandatory()
    )
    .requiredOption('--to <folder>', 'where to')
    .addOption(
      new Option(
        '--steps <steps>',
        'the strip’s steps, separated by commas; otherwise some and the best'
      ).argParser(listOf(number(1, 1_000_000, true), 100))
    )
    .option('--image <name>', 'the strip’s image, one that validated; otherwise the first with foreground')
    .action(onFile(report))

  command('verify <folder>', 'compare an exported model in a real browser with the app')
    .requiredOption('--project <file>', 'the project that it comes from')
    .action(onFile(verifyFolder))

  command('doctor', 'engines, devices, versions, speed test').action((options: { json?: boolean }) =>
    doctor(options, createTerminal(options.json ?? false, signal))
  )

  program
    .command('serve [file]')
    .description('the app in a browser on this machine')
    .addOption(
      new Option('--port <number>', '4180 or a free one otherwise').argParser(number(0, 65_535, true))
    )
    .action((file: string | undefined, options: { port?: number }) =>
      runServe({ file: file ?? null, port: options.port ?? null, signal })
    )

  return program
}
