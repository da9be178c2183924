/** The part of a path behind its last slash of either kind. */
function lastPart(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}

/** A name without its extension; folders stay. One spelling for names that look the same (Unicode NFC). */
export function stemOf(name: string): string {
  const dot = name.lastIndexOf('.')
  const stem = dot > name.length - lastPart(name).length ? name.slice(0, dot) : name
  return stem.normalize('NFC')
}

/** A name without folders and extension, by which masks match images. */
export function baseNameOf(name: string): string {
  return lastPart(stemOf(name))
}

/**
 * The name of one page of a file, counted from 1: `plants/stack#3.tif`. The extension stays last, so that base names
 * differ and masks go out and come in under `stack#3`.
 *
 * @param page From 0.
 */
export function pageName(name: string, page: number): string {
  const stem = stemOf(name)
  return `${stem}#${page + 1}${name.normalize('NFC').slice(stem.length)}`
}

/** Characters that some file system does not take, and dots at the start, which would hide a file. */
const UNSAFE = /[\p{Cc}<>:"/\\|?*]|^\.+|[. ]+$/gu
/** Names that Windows keeps for devices, whatever the extension. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)($|\.)/i
/** File systems take 255 bytes; this leaves room for a number and an extension, also where letters take three. */
const LONGEST = 70

/**
 * File names, one for each of these base names in their order, that are safe on any system and differ from each
 * other also where the system does not tell upper from lower case. A name that is taken gets a number.
 *
 * @param extension With its dot.
 */
export function fileNamesFor(baseNames: string[], extension: string): string[] {
  const taken = new Set<string>()
  return baseNames.map((baseName) => {
    const cleaned = baseName.replace(UNSAFE, '_').slice(0, LONGEST) || '_'
    const safe = DEVICE.test(cleaned) ? `_${cleaned}` : cleaned
    let name = safe
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${safe}-${number}`
    taken.add(name.toLowerCase())
    return name + extension
  })
}
