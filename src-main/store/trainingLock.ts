import { realpathSync, rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { isSqliteFault } from './faults'
import type { Project } from './project'

/**
 * Takes the right to train in a project, which one process at a time has. It is the operating system's lock on a
 * file beside the project, so it ends with its process, however that ends, and no number of a process has to be
 * believed.
 *
 * @returns What gives the right back, or null while another has it.
 * @throws JaccardError `read-only`, and whatever keeps the file from being made.
 */
export function lockTraining(project: Project): (() => void) | null {
  const file = `${realpathSync(project.path)}-training`
  // Inside a transaction of the project, as the giving back: nobody locks a file that is just being removed.
  return project.transaction(() => {
    const lock = new Database(file, { timeout: 0 })
    try {
      lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    } catch (error) {
      lock.close()
      if (isSqliteFault(error, 'SQLITE_BUSY')) return null
      throw error
    }
    return () => release(project, lock, file)
  })
}

function release(project: Project, lock: Database.Database, file: string): void {
  try {
    project.transaction(() => {
      lock.close()
      rmSync(file, { force: true })
    })
  } catch {
    // Then the file stays, which is no harm without its lock.
    lock.close()
  }
}
