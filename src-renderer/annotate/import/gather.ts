/** A file that the person handed over, with its way from the folder that was handed over: `plants/masks/a.png`. */
export interface GivenFile {
  path: string
  file: File
}

/** The files chosen in a file or folder dialog. */
export function chosenFiles(files: FileList): GivenFile[] {
  return [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }))
}

/**
 * The files that were dropped, those of dropped folders included, at any depth. Has to be called while the drop
 * event is being handled: later the browser has forgotten what was dropped.
 */
export async function droppedFiles(transfer: DataTransfer): Promise<GivenFile[]> {
  const found = [...transfer.items].map((item) => {
    const entry = item.webkitGetAsEntry()
    if (entry) return filesBelow(entry, '')
    // What another page has dragged here comes without an entry.
    const file = item.getAsFile()
    return file ? [{ path: file.name, file }] : []
  })
  return (await Promise.all(found)).flat()
}

/** What clipboards call a picture that was copied out of a program or off the screen. */
const NAMELESS = /^image\.(\w+)$/

/**
 * The files in a clipboard. A picture without a name of its own gets one from the moment.
 *
 * @param now Local time.
 */
export function pastedFiles(transfer: DataTransfer, now: Date): GivenFile[] {
  const two = (number: number) => String(number).padStart(2, '0')
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
  const moment = `${day} ${two(now.getHours())}.${two(now.getMinutes())}.${two(now.getSeconds())}`
  return [...transfer.files].map((file) => ({
    path: file.name.replace(NAMELESS, `pasted ${moment}.$1`),
    file
  }))
}

async function filesBelow(entry: FileSystemEntry, folder: string): Promise<GivenFile[]> {
  const path = folder + entry.name
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      ;(entry as FileSystemFileEntry).file(resolve, reject)
    })
    return [{ path, file }]
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const files: GivenFile[] = []
  for (;;) {
    // A reader gives a folder in portions; an empty one is the end.
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject)
    })
    if (portion.length === 0) return files
    for (const child of portion) files.push(...(await filesBelow(child, `${path}/`)))
  }
}
