/** How a WebGPU adapter describes itself, as far as it does. */
export interface AdapterInfo {
  readonly vendor: string
  readonly architecture: string
  readonly description: string
  readonly isFallbackAdapter?: boolean
}

/** Names by which drivers that compute on the CPU give themselves away. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render|software/i

/** The adapter in words, for the screen. */
export function adapterName({ vendor, architecture, description }: AdapterInfo): string {
  const parts = [[vendor, architecture].filter(Boolean).join(' '), description].filter(Boolean)
  return parts.length > 0 ? parts.join(', ') : 'GPU of unknown name'
}

/** The adapter is a program that imitates a GPU on the CPU. */
export function isSoftwareAdapter(info: AdapterInfo): boolean {
  const { vendor, architecture, description, isFallbackAdapter } = info
  return isFallbackAdapter === true || SOFTWARE.test(`${vendor} ${architecture} ${description}`)
}

/** What to know about such an adapter. */
export const SOFTWARE_DETAIL =
  'This is no GPU but a program that imitates one on the CPU, so it is never chosen automatically.'
