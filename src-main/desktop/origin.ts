/** The scheme and host of the app's own pages. */
export const SCHEME = 'app'
export const ORIGIN = `${SCHEME}://jaccard`

/** Whether an address is one of the app's own pages. */
export function isOwn(address: string): boolean {
  return URL.canParse(address) && address.startsWith(`${ORIGIN}/`)
}
