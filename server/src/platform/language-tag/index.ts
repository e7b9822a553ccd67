/** Language tags: the one reading of the BCP 47 tags by which languages are named. */
export { canonicalTag, primaryLanguage } from './language-tag.ts'
