/** Counts the layouts of what is stored: no release reads what one with another number wrote. */
const PREFIX = 'ml:cache:1'

/** Where processes tell each other what to forget. */
export const FORGET_CHANNEL = `${PREFIX}:forget`

export const entryName = (key: string) => `${PREFIX}:entry:${key}`
export const tagName = (tag: string) => `${PREFIX}:tag:${tag}`
/** Held by the process that loads a value for all. */
export const leadName = (key: string) => `${PREFIX}:lead:${key}`
