// eld's own types are not reachable from its export map under `nodenext`.
declare module 'eld/extrasmall' {
  export const eld: {
    detect(text: string): { getScores(): Record<string, number> }
  }
}
