/**
 * The one door through which the window sees the main side, and only its type: the procedures' signatures.
 * The layer check knows this file.
 */
export type { AppRouter } from '../../src-main/api/router'
