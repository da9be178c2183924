/** Why a test set is locked, and when to look at it. */
export const WHY_LOCKED =
  'A test counts only while nothing was chosen by it. Look at it when everything else is decided; each look is counted.'

/** What a number of looks at a test set means, as a sentence; nothing for the first. */
export function wordsOnLooks(looks: number): string {
  return looks < 2
    ? ''
    : `This test set was looked at ${looks} times; a number you choose by is no test any more.`
}
