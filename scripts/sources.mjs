// For `node --import`: runs TypeScript sources as they are. Node strips the types itself; what it does not know is
// that an import without an extension means a `.ts` file.
import { registerHooks } from 'node:module'

registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context)
    } catch (error) {
      if (!specifier.startsWith('.')) throw error
      return next(`${specifier}.ts`, context)
    }
  }
})
