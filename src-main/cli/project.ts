import { openedProject, type Opened } from '#main/api/opened'
import { openProject } from '#main/store/open'
import { forkTrainer } from '#main/training/fork.node'
import { createTrainers } from '#main/training/trainers'
import type { Terminal } from './terminal'

/** Opens a project file for as long as the work takes; what the person should know of it is said first. */
export async function withProject<T>(
  file: string,
  terminal: Terminal,
  work: (opened: Opened) => Promise<T>
): Promise<T> {
  const project = await openProject(file)
  if (project.notice !== null) terminal.say(project.notice)
  const opened = openedProject(project, createTrainers(forkTrainer))
  try {
    return await work(opened)
  } finally {
    await opened.close()
  }
}

/** How `--run` names a run. */
export type RunName = number | 'best' | 'latest'
