// eld's own types are not reachable from its export map under `nodenext`.
declare module 'eld/large' {
  interface EldResult {
    language: string
    getScores(): Record<string, number>
  }
  interface EldInstance {
    detect(text: string): EldResult
    newInstance(): EldInstance
  }
  export const eld: EldInstance
}
